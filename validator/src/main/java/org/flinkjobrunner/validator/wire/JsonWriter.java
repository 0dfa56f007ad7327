package org.flinkjobrunner.validator.wire;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes JSON: as it was read, or in the canonical form (RFC 8785), which is the lexical form of an {@code rdf:JSON}
 * literal.
 */
final class JsonWriter {
    /** Doubles of up to 15 digits keep them, and 17 are always enough. */
    private static final int SAFE_DIGITS = 15;

    private static final int ALL_DIGITS = 17;

    private final StringBuilder text = new StringBuilder();

    private final boolean canonical;

    private JsonWriter(boolean canonical) {
        this.canonical = canonical;
    }

    static String canonical(Object json) {
        JsonWriter writer = new JsonWriter(true);
        writer.write(json);
        return writer.text.toString();
    }

    static String text(Object json) {
        JsonWriter writer = new JsonWriter(false);
        writer.write(json);
        return writer.text.toString();
    }

    private void write(Object json) {
        if (json instanceof String string) {
            quote(string);
        } else if (json instanceof Json.Num number) {
            text.append(canonical ? number(Double.parseDouble(number.text())) : number.text());
        } else if (json instanceof List<?> array) {
            char before = '[';
            for (Object item : array) {
                text.append(before);
                write(item);
                before = ',';
            }
            text.append(array.isEmpty() ? "[]" : "]");
        } else if (json instanceof Map) {
            char before = '{';
            Map<String, Object> members = canonical ? new TreeMap<>(Json.object(json)) : Json.object(json);
            for (Map.Entry<String, Object> member : members.entrySet()) {
                text.append(before);
                quote(member.getKey());
                text.append(':');
                write(member.getValue());
                before = ',';
            }
            text.append(members.isEmpty() ? "{}" : "}");
        } else {
            text.append(json);
        }
    }

    private void quote(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /** As ECMAScript writes it; what is beyond a double, which JSON of RFC 8785 does not know, is the largest one. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        double finite = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
        BigDecimal shortest = shortest(finite);
        String digits = shortest.unscaledValue().abs().toString();
        int point = digits.length() - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (point > 21 || point <= -6) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return sign + digits.charAt(0) + fraction + 'e' + (point > 0 ? "+" : "") + (point - 1);
        }
        if (point >= digits.length()) {
            return sign + digits + "0".repeat(point - digits.length());
        }
        return point > 0
                ? sign + digits.substring(0, point) + '.' + digits.substring(point)
                : sign + "0." + "0".repeat(-point) + digits;
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        int fewest = Math.abs(value) < Double.MIN_NORMAL ? 1 : SAFE_DIGITS; // the smallest ones have few to begin with
        for (int digits = fewest; digits < ALL_DIGITS; digits++) {
            BigDecimal rounded =
                    exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(ALL_DIGITS, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }
}
