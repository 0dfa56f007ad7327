package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.re2j.Pattern;
import java.time.Duration;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;
import org.junit.jupiter.api.Test;

class StringConstraintsTest {
    @Test
    void lengthsCountCodePoints() {
        Term faces = Literal.string("\uD83D\uDE00\uD83D\uDE00");
        assertThat(Results.violating(new MaxLengthConstraintComponent(2), faces))
                .isEmpty();
        assertThat(Results.violating(new MinLengthConstraintComponent(3), faces))
                .containsExactly(faces);
        assertThat(Results.violating(new MinLengthConstraintComponent(2), faces))
                .isEmpty();
        assertThat(Results.violating(new MaxLengthConstraintComponent(1), faces))
                .containsExactly(faces);
    }

    @Test
    void irisCountByTheirTextAndLiteralsOfAnyDatatype() {
        assertThat(Results.violating(new MaxLengthConstraintComponent(5), Results.term("<urn:a>")))
                .isEmpty();
        assertThat(Results.violating(new MaxLengthConstraintComponent(4), Results.term("<urn:a>")))
                .hasSize(1);
        assertThat(Results.violating(new MaxLengthConstraintComponent(2), Results.term("123 integer")))
                .hasSize(1);
        assertThat(Results.violating(new MaxLengthConstraintComponent(2), Results.term("ab@en")))
                .isEmpty();
    }

    @Test
    void blankNodesViolate() {
        Term node = Results.term("_:a");
        assertThat(Results.violating(new MinLengthConstraintComponent(0), node)).containsExactly(node);
        assertThat(Results.violating(new MaxLengthConstraintComponent(9), node)).containsExactly(node);
        assertThat(Results.violating(pattern(""), node)).containsExactly(node);
    }

    @Test
    void patternsAreFoundAnywhere() {
        assertThat(Results.violating(pattern("b+"), Results.terms("abbc; xyz; b")))
                .containsExactly(Literal.string("xyz"));
        assertThat(Results.violating(pattern("^b+$"), Results.terms("abbc; bb")))
                .containsExactly(Literal.string("abbc"));
        assertThat(Results.violating(pattern("^urn:"), Results.term("<urn:a>"))).isEmpty();
        assertThat(Results.violating(pattern("^[0-9]+$"), Results.term("12 integer")))
                .isEmpty();
    }

    @Test
    void dollarIsTheEndOfTheText() {
        Term text = Literal.string("a\n");
        assertThat(Results.violating(pattern("a$"), text)).containsExactly(text);
    }

    @Test
    void noPatternHoldsUpTheStream() {
        Term text = Literal.string("a".repeat(20_000) + "!");
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThat(Results.violating(pattern("^(a+)+$"), text))
                .containsExactly(text));
    }

    @Test
    void aJsonNumberHasTheFormOfItsDeclaredDatatype() {
        assertThat(Results.accepts(Xsd.INTEGER, new MaxLengthConstraintComponent(2), "20.0"))
                .isTrue();
        assertThat(Results.accepts(Xsd.DOUBLE, new MaxLengthConstraintComponent(2), "20.0"))
                .isFalse();
    }

    private static Constraint pattern(String pattern) {
        return new PatternConstraintComponent(pattern, Pattern.compile(pattern));
    }
}
