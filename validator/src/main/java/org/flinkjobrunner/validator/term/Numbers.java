package org.flinkjobrunner.validator.term;

/** What becomes of a JSON number, which has no datatype of its own. */
public enum Numbers {
    /** It keeps its JSON form, and takes the datatype that the shape declares when that can represent it. */
    DECLARED("declared"),
    /** As JSON-LD has it: whole numbers are xsd:integer, all others xsd:double, in canonical form. */
    JSON_LD("json-ld"),
    /** Every number is an xsd:double. */
    DOUBLE("double");

    private final String text;

    Numbers(String text) {
        this.text = text;
    }

    /** The name of the setting's value. */
    public String text() {
        return text;
    }

    /** @return the setting of that name, or null */
    public static Numbers of(String text) {
        for (Numbers numbers : values()) {
            if (numbers.text.equals(text)) {
                return numbers;
            }
        }
        return null;
    }

    /** The literal for a number as it stands in a JSON text. */
    public Literal literal(String json) {
        return switch (this) {
            case DECLARED -> JsonNumber.declared(json);
            case JSON_LD -> JsonNumber.jsonLd(json);
            case DOUBLE -> JsonNumber.asDouble(json);
        };
    }
}
