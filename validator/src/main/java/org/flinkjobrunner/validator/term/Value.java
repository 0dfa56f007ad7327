package org.flinkjobrunner.validator.term;

/** What a lexical form denotes, as far as comparing needs it. */
sealed interface Value permits Value.Opaque, Value.Text, Value.Bool, Exact, Value.Float32, Value.Float64, Moment, Span {
    /** Values without an order. */
    enum Opaque implements Value {
        WELL_FORMED,
        ILL_TYPED
    }

    /** xsd:string and what is derived from it. */
    record Text(String value) implements Value {}

    /** xsd:boolean. */
    record Bool(boolean value) implements Value {}

    /** xsd:float. */
    record Float32(float value) implements Value {}

    /** xsd:double. */
    record Float64(double value) implements Value {}

    /** The operators {@code <}, {@code =}, {@code >} of SPARQL, with numeric promotion as in XPath. */
    static Order compare(Value left, Value right) {
        if (left instanceof Float64 number) { // what sensors send is asked first: it is asked for every update
            return isNumber(right) ? compareDoubles(number.value, toDouble(right)) : Order.INCOMPARABLE;
        }
        if (isNumber(left) && isNumber(right)) {
            return compareNumbers(left, right);
        }
        if (left instanceof Text a && right instanceof Text b) {
            return Order.of(compareCodePoints(a.value, b.value));
        }
        if (left instanceof Bool a && right instanceof Bool b) {
            return Order.of(Boolean.compare(a.value, b.value));
        }
        if (left instanceof Moment a && right instanceof Moment b) {
            return a.compare(b);
        }
        if (left instanceof Span a && right instanceof Span b) {
            return a.compare(b);
        }
        return Order.INCOMPARABLE;
    }

    private static Order compareNumbers(Value left, Value right) {
        if (left instanceof Exact a && right instanceof Exact b) {
            return Order.of(a.compareTo(b));
        }
        if (left instanceof Float64 || right instanceof Float64) {
            return compareDoubles(toDouble(left), toDouble(right));
        }
        return compareDoubles(toFloat(left), toFloat(right));
    }

    private static Order compareDoubles(double left, double right) {
        if (left < right) {
            return Order.LESS;
        }
        if (left > right) {
            return Order.GREATER;
        }
        return left == right ? Order.EQUAL : Order.INCOMPARABLE;
    }

    /** UTF-16 order puts U+FFFD after U+1F600; code point order, which SPARQL asks for, does not. */
    private static int compareCodePoints(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    static boolean isNumber(Value value) {
        return value instanceof Exact || value instanceof Float64 || value instanceof Float32;
    }

    private static double toDouble(Value number) {
        if (number instanceof Exact exact) {
            return exact.toDouble();
        }
        return number instanceof Float64 wide ? wide.value : ((Float32) number).value;
    }

    private static float toFloat(Value number) {
        return number instanceof Exact exact ? exact.toFloat() : ((Float32) number).value;
    }
}
