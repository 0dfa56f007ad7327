package org.flinkjobrunner.validator.term;

/** The literals of JSON numbers. */
final class JsonNumber {
    private JsonNumber() {}

    static Literal declared(String json) {
        throw new UnsupportedOperationException(json);
    }

    static Literal jsonLd(String json) {
        throw new UnsupportedOperationException(json);
    }

    static Literal asDouble(String json) {
        throw new UnsupportedOperationException(json);
    }
}
