package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountConstraintsTest {
    @Test
    void oneResultForTheFocusNodeWithoutAValue() {
        assertThat(Results.of(Results.property(new MinCountConstraintComponent(2)), null, Results.term("a")))
                .containsExactly(new Results.Reported(Results.FOCUS, "MinCount", null));
        assertThat(Results.of(Results.property(new MaxCountConstraintComponent(1)), null, Results.terms("a; b; c")))
                .containsExactly(new Results.Reported(Results.FOCUS, "MaxCount", null));
    }

    @Test
    void theBoundsBelongToIt() {
        assertThat(Results.violating(new MinCountConstraintComponent(1), Results.term("a")))
                .isEmpty();
        assertThat(Results.violating(new MaxCountConstraintComponent(1), Results.term("a")))
                .isEmpty();
        assertThat(Results.violating(new MinCountConstraintComponent(0))).isEmpty();
        assertThat(Results.violating(new MinCountConstraintComponent(1))).hasSize(1);
        assertThat(Results.violating(new MaxCountConstraintComponent(0), Results.term("a")))
                .hasSize(1);
    }

    @Test
    void valueNodesAreASet() {
        assertThat(Results.violating(new MaxCountConstraintComponent(1), Results.terms("a; a")))
                .isEmpty();
        assertThat(Results.violating(new MinCountConstraintComponent(2), Results.terms("a; a")))
                .hasSize(1);
        assertThat(Results.violating(new MaxCountConstraintComponent(1), Results.terms("1 integer; 01 integer")))
                .hasSize(1);
    }
}
