package org.flinkjobrunner.validator.term;

import java.util.Objects;

/** An RDF literal, or a JSON number whose datatype the shape has yet to say. */
public final class Literal implements Term {
    private final String lexical;
    private final String datatype;
    private final String language;
    private final boolean jsonNumber;

    private Literal(String lexical, String datatype, String language, boolean jsonNumber) {
        this.lexical = Objects.requireNonNull(lexical);
        this.datatype = Objects.requireNonNull(datatype);
        this.language = language;
        this.jsonNumber = jsonNumber;
    }

    public static Literal of(String lexical, String datatype) {
        return new Literal(lexical, datatype, null, false);
    }

    public static Literal string(String lexical) {
        return new Literal(lexical, Xsd.STRING, null, false);
    }

    public static Literal lang(String lexical, String language) {
        return new Literal(lexical, Xsd.LANG_STRING, Objects.requireNonNull(language), false);
    }

    static Literal jsonNumber(String lexical, String datatype) {
        return new Literal(lexical, datatype, null, true);
    }

    public String lexical() {
        return lexical;
    }

    public String datatype() {
        return datatype;
    }

    /** The language tag, or null. */
    public String language() {
        return language;
    }

    /** Whether this is a JSON number in its JSON form (only under {@link Numbers#DECLARED}). */
    public boolean jsonNumber() {
        return jsonNumber;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Literal literal
                        && lexical.equals(literal.lexical)
                        && datatype.equals(literal.datatype)
                        && Objects.equals(language, literal.language)
                        && jsonNumber == literal.jsonNumber;
    }

    @Override
    public int hashCode() {
        return lexical.hashCode() * 31 + datatype.hashCode();
    }
}
