package org.flinkjobrunner.validator.term;

/**
 * An integer or decimal of any size. Whole numbers of up to 18 digits are a long; all others are kept as digits, because
 * comparing digits is linear where making a BigDecimal of a very long text is quadratic.
 */
final class Exact implements Value, Comparable<Exact> {
    private static final int LONG_DIGITS = 18;
    /** Exponents of JSON numbers beyond this are not written out. */
    private static final int MAX_EXPONENT = 1000;

    private final boolean small;
    private final long value;
    private final boolean negative;
    private final String integer;
    private final String fraction;
    /** Not a number until it is asked for. */
    private double wide = Double.NaN;

    private Exact(long value) {
        this.small = true;
        this.value = value;
        this.negative = value < 0;
        this.integer = null;
        this.fraction = "";
    }

    private Exact(boolean negative, String integer, String fraction) {
        this.small = false;
        this.value = 0;
        this.negative = negative;
        this.integer = integer;
        this.fraction = fraction;
    }

    static Exact of(long value) {
        return Math.abs(value) < 1_000_000_000_000_000_000L
                ? new Exact(value)
                : new Exact(value < 0, Long.toString(value).replace("-", ""), "");
    }

    /** An xsd:integer, or null when the text is not one. */
    static Exact integer(String text) {
        int start = signLength(text);
        return start < text.length() && digitsEnd(text, start) == text.length() ? whole(text, start) : null;
    }

    /** An xsd:decimal, or null when the text is not one. */
    static Exact decimal(String text) {
        int start = signLength(text);
        int point = digitsEnd(text, start);
        if (point == text.length()) {
            return point > start ? whole(text, start) : null;
        }
        boolean valid =
                text.charAt(point) == '.' && digitsEnd(text, point + 1) == text.length() && text.length() - start > 1;
        return valid ? of(text.startsWith("-"), text.substring(start, point), text.substring(point + 1)) : null;
    }

    /** A JSON number, or null when its exponent is too large to write the number out. */
    static Exact json(String text) {
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (e < 0) {
            return decimal(text);
        }
        Exact mantissa = decimal(text.substring(0, e));
        Exact exponent = integer(text.substring(e + 1));
        if (mantissa == null || exponent == null || !exponent.small || Math.abs(exponent.value) > MAX_EXPONENT) {
            return null;
        }
        return mantissa.shifted((int) exponent.value);
    }

    private static int signLength(String text) {
        return text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    }

    static int digitsEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static Exact whole(String text, int start) {
        if (text.length() - start > LONG_DIGITS) {
            return of(text.startsWith("-"), text.substring(start), "");
        }
        long magnitude = 0;
        for (int i = start; i < text.length(); i++) {
            magnitude = magnitude * 10 + (text.charAt(i) - '0');
        }
        return new Exact(text.startsWith("-") ? -magnitude : magnitude);
    }

    private static Exact of(boolean minus, String integerDigits, String fractionDigits) {
        String whole = withoutLeadingZeros(integerDigits);
        String part = withoutTrailingZeros(fractionDigits);
        if (part.isEmpty() && whole.length() <= LONG_DIGITS) {
            long magnitude = whole.isEmpty() ? 0 : Long.parseLong(whole);
            return new Exact(minus ? -magnitude : magnitude);
        }
        return new Exact(minus, whole, part);
    }

    private static String withoutLeadingZeros(String digits) {
        int start = 0;
        while (start < digits.length() && digits.charAt(start) == '0') {
            start++;
        }
        return digits.substring(start);
    }

    static String withoutTrailingZeros(String digits) {
        int end = digits.length();
        while (end > 0 && digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }

    private Exact shifted(int exponent) {
        String digits = integerDigits() + fraction;
        int point = integerDigits().length() + exponent;
        if (point <= 0) {
            return of(negative, "", "0".repeat(-point) + digits);
        }
        if (point >= digits.length()) {
            return of(negative, digits + "0".repeat(point - digits.length()), "");
        }
        return of(negative, digits.substring(0, point), digits.substring(point));
    }

    private String integerDigits() {
        return !small ? integer : value == 0 ? "" : Long.toString(Math.abs(value));
    }

    boolean isInteger() {
        return fraction.isEmpty();
    }

    /** How many digits stand before the point, without leading zeros. */
    int magnitude() {
        return integerDigits().length();
    }

    @Override
    public int compareTo(Exact other) {
        if (small && other.small) {
            return Long.compare(value, other.value);
        }
        if (negative != other.negative) {
            return negative ? -1 : 1;
        }
        int magnitudes = compareMagnitudes(other);
        return negative ? -magnitudes : magnitudes;
    }

    private int compareMagnitudes(Exact other) {
        String mine = integerDigits();
        String theirs = other.integerDigits();
        if (mine.length() != theirs.length()) {
            return Integer.compare(mine.length(), theirs.length());
        }
        int whole = mine.compareTo(theirs);
        return whole != 0 ? whole : fraction.compareTo(other.fraction);
    }

    double toDouble() {
        if (Double.isNaN(wide)) {
            wide = small ? value : Double.parseDouble(text());
        }
        return wide;
    }

    float toFloat() {
        return small ? value : Float.parseFloat(text());
    }

    /** The canonical form of an xsd:integer, or of an xsd:decimal that is not whole. */
    String text() {
        if (small) {
            return Long.toString(value);
        }
        String whole = integer.isEmpty() ? "0" : integer;
        return (negative ? "-" : "") + whole + (fraction.isEmpty() ? "" : "." + fraction);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Exact exact && compareTo(exact) == 0;
    }

    @Override
    public int hashCode() {
        return small ? Long.hashCode(value) : integer.hashCode() * 31 + fraction.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
