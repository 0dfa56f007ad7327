package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Xsd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeConstraintsTest {
    @ParameterizedTest
    @CsvSource({
        "9 integer, false, false, true, true",
        "10 integer, false, true, false, true",
        "11 integer, true, true, false, false",
        "10.0 decimal, false, true, false, true",
        "10.000000000000000000000000000001 decimal, true, true, false, false",
        "1e1 double, false, true, false, true",
        "INF double, true, true, false, false",
        "-INF float, false, false, true, true",
    })
    void boundsAndPromotion(
            String value, boolean minExclusive, boolean minInclusive, boolean maxExclusive, boolean maxInclusive) {
        Literal limit = Literal.of("10", Xsd.INTEGER);
        assertThat(conforms(new MinExclusiveConstraintComponent(limit), value)).isEqualTo(minExclusive);
        assertThat(conforms(new MinInclusiveConstraintComponent(limit), value)).isEqualTo(minInclusive);
        assertThat(conforms(new MaxExclusiveConstraintComponent(limit), value)).isEqualTo(maxExclusive);
        assertThat(conforms(new MaxInclusiveConstraintComponent(limit), value)).isEqualTo(maxInclusive);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN double", "ten", "10@en", "<urn:ten>", "_:ten", "ten integer", "2024-01-01 date"})
    void whatCannotBeComparedViolatesEveryBound(String value) {
        Literal limit = Literal.of("10", Xsd.INTEGER);
        assertThat(conforms(new MinExclusiveConstraintComponent(limit), value)).isFalse();
        assertThat(conforms(new MinInclusiveConstraintComponent(limit), value)).isFalse();
        assertThat(conforms(new MaxExclusiveConstraintComponent(limit), value)).isFalse();
        assertThat(conforms(new MaxInclusiveConstraintComponent(limit), value)).isFalse();
    }

    @Test
    void anUndecidedTimeViolates() {
        Literal limit = Literal.of("2024-01-01T12:00:00Z", Xsd.DATE_TIME);
        assertThat(conforms(new MinInclusiveConstraintComponent(limit), "2024-01-01T12:00:00 dateTime"))
                .isFalse();
        assertThat(conforms(new MaxInclusiveConstraintComponent(limit), "2024-01-01T12:00:00 dateTime"))
                .isFalse();
        assertThat(conforms(new MinInclusiveConstraintComponent(limit), "2024-01-02T12:00:00 dateTime"))
                .isTrue();
    }

    @Test
    void jsonNumbersCompareInTheDeclaredDatatype() {
        Constraint atLeast = new MinInclusiveConstraintComponent(Literal.of("0.1", Xsd.FLOAT));
        assertThat(Results.accepts(Xsd.FLOAT, atLeast, "0.1")).isTrue();
        Constraint exact = new MaxInclusiveConstraintComponent(Literal.of("9007199254740992.0", Xsd.DECIMAL));
        assertThat(Results.accepts(Xsd.DECIMAL, exact, "9007199254740993.0")).isFalse();
        assertThat(Results.accepts(Xsd.DOUBLE, exact, "9007199254740993.0")).isTrue();
        assertThat(Results.accepts(null, atLeast, "20")).isTrue();
        assertThat(Results.accepts(Xsd.STRING, atLeast, "20")).isTrue();
    }

    @Test
    void aJsonNumberIsShownInTheDeclaredDatatype() {
        Shape shape = Results.property(
                new DatatypeConstraintComponent(Xsd.DOUBLE),
                new MaxInclusiveConstraintComponent(Literal.of("80", Xsd.INTEGER)));
        assertThat(Results.of(shape, null, Numbers.DECLARED.literal("81")))
                .containsExactly(new Results.Reported(Results.FOCUS, "MaxInclusive", Literal.of("81", Xsd.DOUBLE)));
    }

    private static boolean conforms(Constraint constraint, String value) {
        return Results.violating(constraint, Results.term(value)).isEmpty();
    }
}
