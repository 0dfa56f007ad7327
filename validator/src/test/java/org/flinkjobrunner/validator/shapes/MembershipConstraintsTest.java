package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembershipConstraintsTest {
    private static final List<Term> LIST = List.of(Results.terms("<urn:ON>; 1 integer; a; b@en"));

    @ParameterizedTest
    @CsvSource({
        "<urn:ON>, true",
        "<urn:OFF>, false",
        "urn:ON, false",
        "1 integer, true",
        "01 integer, false",
        "1.0 decimal, false",
        "1 byte, false",
        "a, true",
        "a string, true",
        "a@en, false",
        "b@en, true",
        "b@EN, true",
        "b@de, false",
        "b, false",
        "_:a, false",
    })
    void termEquality(String value, boolean member) {
        Term term = Results.term(value);
        assertThat(Results.violating(new InConstraintComponent(LIST, null), term)
                        .isEmpty())
                .isEqualTo(member);
        boolean had = LIST.stream()
                .anyMatch(required -> Results.violating(new HasValueConstraintComponent(required, null), term)
                        .isEmpty());
        assertThat(had).isEqualTo(member);
    }

    @Test
    void inReportsEachValueAndHasValueTheFocusNode() {
        assertThat(Results.violating(new InConstraintComponent(LIST, null), Results.terms("a; x; y")))
                .containsExactly(Literal.string("x"), Literal.string("y"));
        Constraint hasValue = new HasValueConstraintComponent(Literal.string("z"), null);
        assertThat(Results.of(Results.property(hasValue), null, Results.terms("x; y")))
                .containsExactly(new Results.Reported(Results.FOCUS, "HasValue", null));
        assertThat(Results.of(Results.property(hasValue), null, Results.terms("x; z")))
                .isEmpty();
        assertThat(Results.of(Results.property(hasValue), null)).hasSize(1);
    }

    @Test
    void anEmptyListAllowsNothing() {
        assertThat(Results.violating(new InConstraintComponent(List.of(), null), Results.term("a")))
                .hasSize(1);
        assertThat(Results.violating(new InConstraintComponent(List.of(), null)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "double, 20.0 double, 20, true",
        "double, 2E1 double, 20.0, true",
        "double, 20 integer, 20.0, true",
        "float, 0.1 float, 0.1, true",
        "float, 0.1 double, 0.1, true",
        "decimal, 0.1 double, 0.1, true",
        "integer, 20 integer, 20.0, true",
        "integer, 20 integer, 20.5, false",
        "integer, 20.5 decimal, 20.5, false",
        ", 20 integer, 20.0, true",
        ", 20.0 decimal, 20, true",
        ", 0.1 float, 0.1, true",
        ", 21 integer, 20, false",
        ", 20, 20, false",
        "string, 20 integer, 20, false",
        "double, NaN double, 20, false",
    })
    void jsonNumbersCompareByValueInTheShapesDatatype(String declared, String member, String json, boolean expected) {
        String datatype = declared == null ? null : Xsd.NS + declared;
        Term term = Results.term(member);
        assertThat(Results.accepts(datatype, new InConstraintComponent(List.of(term), datatype), json))
                .isEqualTo(expected);
        assertThat(Results.accepts(datatype, new HasValueConstraintComponent(term, datatype), json))
                .isEqualTo(expected);
    }

    @Test
    void repeatedHasValuesAreToldApart() {
        assertThat(new HasValueConstraintComponent(Results.term("<urn:a>"), null).parameterKey())
                .isNotEqualTo(new HasValueConstraintComponent(Results.term("urn:a"), null).parameterKey());
        assertThat(new InConstraintComponent(LIST, null).parameterKey()).isNull();
    }
}
