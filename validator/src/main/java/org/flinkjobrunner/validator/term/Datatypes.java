package org.flinkjobrunner.validator.term;

import static org.flinkjobrunner.validator.term.Value.Opaque.ILL_TYPED;
import static org.flinkjobrunner.validator.term.Value.Opaque.WELL_FORMED;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** The datatypes of XSD 1.1: which lexical forms they have and what these denote. */
final class Datatypes {
    private static final Map<String, Function<String, Value>> PARSERS = new HashMap<>();
    private static final Map<String, Exact[]> INTEGER_RANGES = new HashMap<>();

    static {
        integers();
        xsd("decimal", text -> orIllTyped(Exact.decimal(text)));
        xsd("float", text -> FloatingPoint.isValid(text) ? new Value.Float32(FloatingPoint.toFloat(text)) : ILL_TYPED);
        xsd(
                "double",
                text -> FloatingPoint.isValid(text) ? new Value.Float64(FloatingPoint.toDouble(text)) : ILL_TYPED);
        xsd("boolean", Datatypes::bool);
        for (Moment.Form form : Moment.Form.values()) {
            xsd(form.datatype(), text -> orIllTyped(Moment.parse(form, text)));
        }
        for (Span.Form form : Span.Form.values()) {
            xsd(form.datatype(), text -> orIllTyped(Span.parse(form, text)));
        }
        text("string", text -> true);
        text("normalizedString", Names::isNormalized);
        text("token", Names::isToken);
        text("language", Names::isLanguage);
        text("Name", Names::isName);
        text("NCName", Names::isNcName);
        text("ID", Names::isNcName);
        text("IDREF", Names::isNcName);
        text("ENTITY", Names::isNcName);
        text("NMTOKEN", Names::isNmToken);
        opaque("QName", Names::isQName);
        opaque("anyURI", text -> true);
        opaque("base64Binary", Binary::isBase64);
        opaque("hexBinary", Binary::isHex);
        PARSERS.put(Xsd.LANG_STRING, text -> ILL_TYPED); // only with a tag, which never gets here
    }

    private Datatypes() {}

    /** Unknown datatypes have no order, and any text is well-formed. */
    static Value parse(String lexical, String datatype) {
        Function<String, Value> parser = PARSERS.get(datatype);
        return parser == null ? WELL_FORMED : parser.apply(lexical);
    }

    static boolean isInteger(String datatype) {
        return INTEGER_RANGES.containsKey(datatype);
    }

    /** Whether the value lies in the value space of that integer datatype. */
    static boolean inRange(Exact value, String integerDatatype) {
        Exact[] range = INTEGER_RANGES.get(integerDatatype);
        return value.isInteger()
                && (range[0] == null || value.compareTo(range[0]) >= 0)
                && (range[1] == null || value.compareTo(range[1]) <= 0);
    }

    private static void integers() {
        integer("integer", null, null);
        integer("nonPositiveInteger", null, "0");
        integer("negativeInteger", null, "-1");
        integer("nonNegativeInteger", "0", null);
        integer("positiveInteger", "1", null);
        integer("long", "-9223372036854775808", "9223372036854775807");
        integer("int", "-2147483648", "2147483647");
        integer("short", "-32768", "32767");
        integer("byte", "-128", "127");
        integer("unsignedLong", "0", "18446744073709551615");
        integer("unsignedInt", "0", "4294967295");
        integer("unsignedShort", "0", "65535");
        integer("unsignedByte", "0", "255");
    }

    private static void integer(String name, String lowest, String highest) {
        String datatype = Xsd.NS + name;
        INTEGER_RANGES.put(datatype, new Exact[] {
            lowest == null ? null : Exact.integer(lowest), highest == null ? null : Exact.integer(highest)
        });
        xsd(name, text -> {
            Exact value = Exact.integer(text);
            return value != null && inRange(value, datatype) ? value : ILL_TYPED;
        });
    }

    private static void text(String name, Predicate<String> valid) {
        xsd(name, text -> valid.test(text) ? new Value.Text(text) : ILL_TYPED);
    }

    private static void opaque(String name, Predicate<String> valid) {
        xsd(name, text -> valid.test(text) ? WELL_FORMED : ILL_TYPED);
    }

    private static void xsd(String name, Function<String, Value> parser) {
        PARSERS.put(Xsd.NS + name, parser);
    }

    private static Value orIllTyped(Value value) {
        return value == null ? ILL_TYPED : value;
    }

    private static Value bool(String text) {
        return switch (text) {
            case "true", "1" -> new Value.Bool(true);
            case "false", "0" -> new Value.Bool(false);
            default -> ILL_TYPED;
        };
    }
}
