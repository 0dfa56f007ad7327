package org.flinkjobrunner.validator.term;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    @ParameterizedTest
    @CsvSource({
        "1 integer, 2 integer, LESS",
        "01 integer, 1 byte, EQUAL",
        "-1 integer, 1 integer, LESS",
        "123456789012345678901234567890 integer, 123456789012345678901234567891 integer, LESS",
        "-123456789012345678901234567890 integer, -123456789012345678901234567891 integer, GREATER",
        "999999999999999999 integer, 1000000000000000000 integer, LESS",
        "-1000000000000000000 integer, -999999999999999999 integer, LESS",
        "1 integer, 1.0 decimal, EQUAL",
        "1 integer, 1.00000000000000000000000001 decimal, LESS",
        "-1 integer, -1.00000000000000000000000001 decimal, GREATER",
        "0.1 decimal, 0.10 decimal, EQUAL",
        "0.09 decimal, 0.1 decimal, LESS",
        "-0.5 decimal, 0 integer, LESS",
        "-0.0 decimal, 0 integer, EQUAL",
        "10 integer, 9.9 decimal, GREATER",
        "1 integer, 1.0e0 double, EQUAL",
        "9007199254740993 integer, 9007199254740992 double, EQUAL",
        "0.1 decimal, 0.1 double, EQUAL",
        "0.1 decimal, 0.1 float, EQUAL",
        "0.1 float, 0.1 double, GREATER",
        "1e400 double, INF double, EQUAL",
        "-INF double, 0 integer, LESS",
        "-0.0 double, 0.0 double, EQUAL",
        "-0.0 float, 0 integer, EQUAL",
        "NaN double, NaN double, INCOMPARABLE",
        "NaN float, 1 integer, INCOMPARABLE",
        "true boolean, false boolean, GREATER",
        "1 boolean, true boolean, EQUAL",
        "1 boolean, 1 integer, INCOMPARABLE",
        "a string, b string, LESS",
        "a string, a token, EQUAL",
        "10 string, 9 string, LESS",
        "1 string, 1 integer, INCOMPARABLE",
        "http://x anyURI, http://x anyURI, INCOMPARABLE",
        "abc integer, 1 integer, INCOMPARABLE",
        "300 byte, 1 integer, INCOMPARABLE",
        "2024-01-01T00:00:00Z dateTime, 2024-01-01T00:00:00.1Z dateTime, LESS",
        "2024-01-01T00:00:00.10Z dateTime, 2024-01-01T00:00:00.1Z dateTimeStamp, EQUAL",
        "2024-01-01T02:00:00+02:00 dateTime, 2024-01-01T00:00:00Z dateTime, EQUAL",
        "2023-12-31T24:00:00Z dateTime, 2024-01-01T00:00:00Z dateTime, EQUAL",
        "2024-01-01T00:00:00 dateTime, 2024-01-01T00:00:01 dateTime, LESS",
        "2024-01-01T12:00:00 dateTime, 2024-01-01T12:00:00Z dateTime, INCOMPARABLE",
        "2024-01-01T12:00:00 dateTime, 2024-01-02T02:00:00Z dateTime, INCOMPARABLE",
        "2024-01-01T12:00:00 dateTime, 2024-01-02T02:00:00.001Z dateTime, LESS",
        "2024-01-01T12:00:00 dateTime, 2023-12-31T21:59:59Z dateTime, GREATER",
        "2024-01-01T12:00:00 dateTime, 2023-12-31T22:00:00Z dateTime, INCOMPARABLE",
        "2024-01-01T12:00:00Z dateTime, 2024-01-02T02:00:01 dateTime, LESS",
        "-0001-01-01T00:00:00Z dateTime, 0001-01-01T00:00:00Z dateTime, LESS",
        "99999999999-01-01T00:00:00Z dateTime, 2024-01-01T00:00:00Z dateTime, INCOMPARABLE",
        "2024-01-01 date, 2024-01-02 date, LESS",
        "2024-01-01 date, 2024-01-01T00:00:00 dateTime, INCOMPARABLE",
        "12:00:00Z time, 13:00:00+01:00 time, EQUAL",
        "24:00:00 time, 00:00:00 time, EQUAL",
        "2023 gYear, 2024 gYear, LESS",
        "2024-02 gYearMonth, 2024-01 gYearMonth, GREATER",
        "--02-29 gMonthDay, --03-01 gMonthDay, LESS",
        "PT60S duration, PT1M dayTimeDuration, EQUAL",
        "P12M yearMonthDuration, P1Y duration, EQUAL",
        "P1M duration, P30D duration, INCOMPARABLE",
        "P1M duration, P32D duration, LESS",
        "P1M duration, P27D duration, GREATER",
        "-PT0.3S duration, PT0S duration, LESS",
        "AA== base64Binary, AA== base64Binary, INCOMPARABLE",
    })
    void comparisons(String left, String right, Order order) {
        assertThat(literal(left).compare(literal(right))).isEqualTo(order);
        assertThat(literal(right).compare(literal(left))).isEqualTo(reversed(order));
    }

    @Test
    void stringsCompareByCodePoint() {
        assertThat(Literal.string("\uFFFD").compare(Literal.string("\uD83D\uDE00")))
                .isEqualTo(Order.LESS);
        assertThat(Literal.string("\uD83D\uDE00").compare(Literal.string("\uD83D\uDE01")))
                .isEqualTo(Order.LESS);
        assertThat(Literal.string("a").compare(Literal.string("ab"))).isEqualTo(Order.LESS);
    }

    @Test
    void languageTaggedStringsDoNotCompare() {
        assertThat(Literal.lang("a", "en").compare(Literal.lang("b", "en"))).isEqualTo(Order.INCOMPARABLE);
        assertThat(Literal.lang("a", "en").compare(Literal.string("b"))).isEqualTo(Order.INCOMPARABLE);
    }

    @Test
    void equalTermsHaveTheSameLexicalFormAndDatatype() {
        assertThat(literal("1 integer")).isEqualTo(literal("1 integer")).hasSameHashCodeAs(literal("1 integer"));
        assertThat(literal("1 integer")).isNotEqualTo(literal("01 integer")).isNotEqualTo(literal("1 decimal"));
        assertThat(Literal.string("a")).isNotEqualTo(Literal.lang("a", "en"));
        assertThat(Literal.lang("a", "en")).isEqualTo(Literal.lang("a", "EN")).isNotEqualTo(Literal.lang("a", "de"));
        assertThat(new Iri("a")).isNotEqualTo(Literal.string("a"));
    }

    private static Literal literal(String text) {
        String[] parts = text.split(" ");
        return Literal.of(parts[0], Xsd.NS + parts[1]);
    }

    private static Order reversed(Order order) {
        return switch (order) {
            case LESS -> Order.GREATER;
            case GREATER -> Order.LESS;
            default -> order;
        };
    }
}
