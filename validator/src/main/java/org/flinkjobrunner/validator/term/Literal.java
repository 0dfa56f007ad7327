package org.flinkjobrunner.validator.term;

import java.util.Objects;

/** An RDF literal, or a JSON number whose datatype the shape has yet to say. */
public final class Literal implements Term {
    private final String lexical;
    private final String datatype;
    private final String language;
    private final boolean jsonNumber;
    /** Made when first asked for; a race between threads only makes it twice. */
    private Value value;
    /** Of a JSON number: the literal in the datatype that was asked for last. */
    private Typed typed;

    private record Typed(String datatype, Literal literal) {}

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

    /** @param value what it denotes, where that is known already */
    static Literal of(String lexical, String datatype, Value value) {
        Literal literal = of(lexical, datatype);
        literal.value = value;
        return literal;
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

    /** Whether the lexical form is one of the datatype's. */
    public boolean isWellFormed() {
        return value() != Value.Opaque.ILL_TYPED;
    }

    /** SPARQL's comparison of two literals, neither of them a JSON number. */
    public Order compare(Literal other) {
        return Value.compare(value(), other.value());
    }

    /** Whether this is a well-formed literal of a numeric datatype. */
    public boolean isNumeric() {
        return Value.isNumber(value());
    }

    /**
     * A JSON number in the datatype that the shape declares, when that can represent it, else by the JSON-LD rule. Any
     * other literal is itself.
     *
     * @param declared may be null
     */
    public Literal typed(String declared) {
        if (!jsonNumber) {
            return this;
        }
        String wanted = declared == null ? datatype : declared;
        Typed last = typed;
        if (last == null || !last.datatype.equals(wanted)) {
            last = new Typed(wanted, JsonNumber.typed(this, wanted));
            typed = last;
        }
        return last.literal;
    }

    /** A numeric literal in another numeric datatype; null when that cannot represent it. */
    public Literal recast(String otherDatatype) {
        return JsonNumber.recast(this, otherDatatype);
    }

    Value value() {
        Value parsed = value;
        if (parsed == null) {
            parsed = language == null ? Datatypes.parse(lexical, datatype) : Value.Opaque.WELL_FORMED;
            value = parsed;
        }
        return parsed;
    }

    /** Term equality: by lexical form and datatype; language tags ignore case; JSON numbers have no lexical form yet. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Literal literal) || jsonNumber != literal.jsonNumber) {
            return false;
        }
        if (jsonNumber) {
            return typed(Xsd.DECIMAL).value().equals(literal.typed(Xsd.DECIMAL).value());
        }
        return lexical.equals(literal.lexical)
                && datatype.equals(literal.datatype)
                && (language == null ? literal.language == null : language.equalsIgnoreCase(literal.language));
    }

    @Override
    public int hashCode() {
        return jsonNumber ? typed(Xsd.DECIMAL).value().hashCode() : lexical.hashCode() * 31 + datatype.hashCode();
    }

    /** As in N-Triples. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < lexical.length(); i++) {
            char c = lexical.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                default -> text.append(c);
            }
        }
        text.append('"');
        if (language != null) {
            return text.append('@').append(language).toString();
        }
        return datatype.equals(Xsd.STRING)
                ? text.toString()
                : text.append("^^<").append(datatype).append('>').toString();
    }
}
