package org.flinkjobrunner.validator.term;

/** The lexical space of xsd:float and xsd:double, which is not Java's: no {@code 1f}, no {@code 0x1p3}, no {@code Infinity}. */
final class FloatingPoint {
    private FloatingPoint() {}

    static boolean isValid(String text) {
        return isSpecial(text) || isNumber(text);
    }

    private static boolean isSpecial(String text) {
        return text.equals("INF") || text.equals("-INF") || text.equals("+INF") || text.equals("NaN");
    }

    private static boolean isNumber(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int at = Exact.digitsEnd(text, start);
        int digits = at - start;
        if (at < text.length() && text.charAt(at) == '.') {
            int end = Exact.digitsEnd(text, at + 1);
            digits += end - at - 1;
            at = end;
        }
        return digits > 0 && (at == text.length() || isExponent(text, at));
    }

    private static boolean isExponent(String text, int at) {
        if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
            return false;
        }
        int start = at + 1;
        if (start < text.length() && (text.charAt(start) == '-' || text.charAt(start) == '+')) {
            start++;
        }
        return start < text.length() && Exact.digitsEnd(text, start) == text.length();
    }

    static double toDouble(String text) {
        return switch (text) {
            case "INF", "+INF" -> Double.POSITIVE_INFINITY;
            case "-INF" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    static float toFloat(String text) {
        return switch (text) {
            case "INF", "+INF" -> Float.POSITIVE_INFINITY;
            case "-INF" -> Float.NEGATIVE_INFINITY;
            default -> Float.parseFloat(text);
        };
    }
}
