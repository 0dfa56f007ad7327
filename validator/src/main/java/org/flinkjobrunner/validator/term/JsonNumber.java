package org.flinkjobrunner.validator.term;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The literals of JSON numbers, and what they become where a shape declares a datatype. */
final class JsonNumber {
    /** JSON-LD writes doubles with one digit before the point and at most 15 behind it. */
    private static final MathContext JSON_LD_DIGITS = new MathContext(16, RoundingMode.HALF_EVEN);
    /** Whole numbers of 10^21 and more are doubles in JSON-LD. */
    private static final int JSON_LD_INTEGER_DIGITS = 21;

    private JsonNumber() {}

    static Literal declared(String json) {
        return Literal.jsonNumber(json, isWhole(json) ? Xsd.INTEGER : Xsd.DOUBLE);
    }

    /** Nearly all numbers of sensors tell by their look; this is asked for each of them. */
    private static boolean isWhole(String json) {
        int point = json.indexOf('.');
        if (isPlain(json)) {
            if (point < 0 && json.length() < JSON_LD_INTEGER_DIGITS) {
                return true;
            }
            char last = json.charAt(json.length() - 1);
            if (point > 0 && last > '0' && last <= '9') {
                return false;
            }
        }
        return isWhole(Exact.json(json));
    }

    static Literal jsonLd(String json) {
        Exact exact = Exact.json(json);
        return isWhole(exact) ? Literal.of(exact.text(), Xsd.INTEGER) : asDouble(json);
    }

    static Literal asDouble(String json) {
        return Literal.of(canonical(Double.parseDouble(json)), Xsd.DOUBLE);
    }

    private static boolean isWhole(Exact exact) {
        return exact != null && exact.isInteger() && exact.magnitude() <= JSON_LD_INTEGER_DIGITS;
    }

    private static String canonical(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "INF" : "-INF";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0E0" : "0.0E0";
        }
        BigDecimal rounded = new BigDecimal(value).round(JSON_LD_DIGITS).stripTrailingZeros();
        String digits = rounded.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - rounded.scale();
        String fraction = digits.length() == 1 ? "0" : digits.substring(1);
        return (value < 0 ? "-" : "") + digits.charAt(0) + "." + fraction + "E" + exponent;
    }

    /** The number in the datatype that a shape asks for, or by the JSON-LD rule when that cannot represent it. */
    static Literal typed(Literal number, String datatype) {
        Literal declared = datatype == null ? null : cast(number.lexical(), datatype);
        if (declared != null) {
            return declared;
        }
        return number.datatype().equals(Xsd.INTEGER)
                ? Literal.of(Exact.json(number.lexical()).text(), Xsd.INTEGER)
                : cast(number.lexical(), Xsd.DOUBLE);
    }

    /** @return null when the datatype cannot represent the number */
    private static Literal cast(String json, String datatype) {
        if (datatype.equals(Xsd.DOUBLE)) {
            // Beyond its range it is INF, as in JSON-LD.
            return Literal.of(json, datatype, new Value.Float64(FloatingPoint.ofJson(json)));
        }
        if (datatype.equals(Xsd.FLOAT)) {
            return Float.isInfinite(Float.parseFloat(json)) ? null : Literal.of(json, datatype);
        }
        if (datatype.equals(Xsd.DECIMAL)) {
            Exact exact = Exact.json(json);
            return exact == null ? null : Literal.of(isPlain(json) ? json : exact.text(), datatype);
        }
        if (Datatypes.isInteger(datatype)) {
            Exact exact = Exact.json(json);
            return exact != null && Datatypes.inRange(exact, datatype) ? Literal.of(exact.text(), datatype) : null;
        }
        return null;
    }

    private static boolean isPlain(String json) {
        return json.indexOf('e') < 0 && json.indexOf('E') < 0;
    }

    /** A numeric literal of a shape in another numeric datatype; null when that cannot represent it. */
    static Literal recast(Literal literal, String datatype) {
        boolean finite = literal.value() instanceof Exact || isFinite(literal.value());
        return finite ? cast(literal.lexical(), datatype) : null;
    }

    private static boolean isFinite(Value value) {
        return value instanceof Value.Float64 wide && Double.isFinite(wide.value())
                || value instanceof Value.Float32 narrow && Float.isFinite(narrow.value());
    }
}
