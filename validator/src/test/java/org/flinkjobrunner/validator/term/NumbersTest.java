package org.flinkjobrunner.validator.term;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "20, 20, integer",
        "20.0, 20, integer",
        "-0, 0, integer",
        "-0.0, 0, integer",
        "2e1, 20, integer",
        "2.5e1, 25, integer",
        "12345678901234567890, 12345678901234567890, integer",
        "999999999999999999999, 999999999999999999999, integer",
        "1000000000000000000000, 1.0E21, double",
        "1e21, 1.0E21, double",
        "20.5, 2.05E1, double",
        "-0.5, -5.0E-1, double",
        "0.1, 1.0E-1, double",
        "5e-324, 4.940656458412465E-324, double",
        "1e400, INF, double",
        "-1e400, -INF, double",
        "1e999999999, INF, double",
    })
    void jsonLdRule(String json, String lexical, String datatype) {
        assertThat(Numbers.JSON_LD.literal(json)).isEqualTo(Literal.of(lexical, Xsd.NS + datatype));
    }

    @ParameterizedTest
    @CsvSource({"20, 2.0E1", "20.5, 2.05E1", "0, 0.0E0", "-0.0, -0.0E0", "1e21, 1.0E21"})
    void alwaysDouble(String json, String lexical) {
        assertThat(Numbers.DOUBLE.literal(json)).isEqualTo(Literal.of(lexical, Xsd.DOUBLE));
    }

    @ParameterizedTest
    @CsvSource({
        "20.0, double, 20.0, double",
        "20, double, 20, double",
        "20, float, 20, float",
        "1e300, float, 1e300, double",
        "20.0, integer, 20, integer",
        "2e2, integer, 200, integer",
        "20.5, integer, 20.5, double",
        "300, byte, 300, integer",
        "127.0, byte, 127, byte",
        "-1, unsignedInt, -1, integer",
        "20.50, decimal, 20.50, decimal",
        "1e-2, decimal, 0.01, decimal",
        "1e999999, decimal, 1e999999, double",
        "20.0, string, 20, integer",
        "20.5, dateTime, 20.5, double",
    })
    void declaredTakesTheShapesDatatypeIfThatCanRepresentTheNumber(
            String json, String declared, String lexical, String datatype) {
        Literal number = Numbers.DECLARED.literal(json);
        assertThat(number.jsonNumber()).isTrue();
        assertThat(number.lexical()).isEqualTo(json);
        assertThat(number.typed(Xsd.NS + declared)).isEqualTo(Literal.of(lexical, Xsd.NS + datatype));
        assertThat(number.typed(null).datatype()).isEqualTo(number.datatype());
    }

    @Test
    void typedLiteralsAreMadeOnce() {
        Literal number = Numbers.DECLARED.literal("20.5");
        assertThat(number.typed(Xsd.FLOAT)).isSameAs(number.typed(Xsd.FLOAT));
        assertThat(number.typed(Xsd.DOUBLE)).isNotEqualTo(number.typed(Xsd.FLOAT));
        Literal plain = Literal.of("1", Xsd.INTEGER);
        assertThat(plain.typed(Xsd.DOUBLE)).isSameAs(plain);
    }

    @Test
    void jsonNumbersAreEqualByValue() {
        assertThat(Numbers.DECLARED.literal("20"))
                .isEqualTo(Numbers.DECLARED.literal("20.0"))
                .hasSameHashCodeAs(Numbers.DECLARED.literal("2e1"))
                .isNotEqualTo(Numbers.DECLARED.literal("21"))
                .isNotEqualTo(Literal.of("20", Xsd.INTEGER));
    }

    @Test
    void namesOfTheSetting() {
        for (Numbers numbers : Numbers.values()) {
            assertThat(Numbers.of(numbers.text())).isEqualTo(numbers);
        }
        assertThat(Numbers.of("DECLARED")).isNull();
    }
}
