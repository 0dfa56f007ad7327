package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Xsd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatatypeConstraintComponentTest {
    @ParameterizedTest
    @CsvSource({
        "integer, 1 integer, true",
        "integer, abc integer, false",
        "integer, 1 int, false",
        "integer, 1.0 decimal, false",
        "byte, 300 byte, false",
        "byte, 30 byte, true",
        "date, 2024-02-30 date, false",
        "string, a, true",
        "string, a@en, false",
        "string, <urn:a>, false",
        "string, _:a, false",
        "noSuchType, anything noSuchType, true",
    })
    void exactDatatypeAndLexicalForm(String datatype, String value, boolean conforms) {
        var constraint = new DatatypeConstraintComponent(Xsd.NS + datatype);
        assertThat(Results.violating(constraint, Results.term(value)).isEmpty()).isEqualTo(conforms);
    }

    @Test
    void languageTaggedStrings() {
        var constraint = new DatatypeConstraintComponent(Xsd.LANG_STRING);
        assertThat(Results.violating(constraint, Literal.lang("a", "en"), Literal.string("a")))
                .containsExactly(Literal.string("a"));
    }

    @ParameterizedTest
    @CsvSource({
        "20.0, double, true",
        "20, double, true",
        "20, float, true",
        "20, decimal, true",
        "20.0, integer, true",
        "20.5, integer, false",
        "20.5, decimal, true",
        "300, byte, false",
        "-1, unsignedLong, false",
        "1e400, double, true",
        "1e300, float, false",
        "20, string, false",
        "1, boolean, false",
    })
    void jsonNumbersAreAcceptedWhenTheDatatypeCanRepresentThem(String json, String datatype, boolean conforms) {
        var constraint = new DatatypeConstraintComponent(Xsd.NS + datatype);
        assertThat(Results.violating(constraint, Numbers.DECLARED.literal(json)).isEmpty())
                .isEqualTo(conforms);
    }

    @Test
    void undeclaredNumbersFollowTheJsonLdRule() {
        var constraint = new DatatypeConstraintComponent(Xsd.DOUBLE);
        assertThat(Results.violating(constraint, Numbers.JSON_LD.literal("20.0")))
                .containsExactly(Literal.of("20", Xsd.INTEGER));
        assertThat(Results.violating(constraint, Numbers.DOUBLE.literal("20"))).isEmpty();
    }
}
