package org.flinkjobrunner.validator.term;

/** The lexical space of xsd:float and xsd:double, which is not Java's: no {@code 1f}, no {@code 0x1p3}, no {@code Infinity}. */
final class FloatingPoint {
    /** Whole numbers of so many digits are below 2^53. */
    private static final int EXACT_DIGITS = 15;

    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

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

    /**
     * The double nearest to a JSON number. Short decimals, as sensors send them, are a whole number and a power of ten, both
     * of which a double holds exactly, so that one division, which is rounded correctly, gives what parsing does.
     */
    static double ofJson(String text) {
        int length = text.length();
        int start = text.charAt(0) == '-' ? 1 : 0;
        if (length - start > EXACT_DIGITS) {
            return Double.parseDouble(text);
        }
        long digits = 0;
        int point = length;
        for (int i = start; i < length; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
            } else if (c == '.') {
                point = i + 1;
            } else {
                return Double.parseDouble(text);
            }
        }
        double number = digits / POWERS_OF_TEN[length - point];
        return start == 0 ? number : -number;
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
