package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.shapes.Results.Reported;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;
import org.junit.jupiter.api.Test;

/** Components about other shapes and other properties: one result each, and none of what those would report. */
class ShapeConstraintsTest {
    private static final Shape SHORT = node("short", new MaxLengthConstraintComponent(1));
    private static final Shape LETTER =
            node("letter", new PatternConstraintComponent("[a-z]", Pattern.compile("[a-z]")));
    private static final Term[] VALUES = Results.terms("a; bb; 1; 22");

    @Test
    void logicalComponentsCountTheShapesThatAValueConformsTo() {
        assertThat(violating(new NotConstraintComponent(SHORT))).isEqualTo("a 1");
        assertThat(violating(new AndConstraintComponent(SHORT, LETTER))).isEqualTo("bb 1 22");
        assertThat(violating(new OrConstraintComponent(SHORT, LETTER))).isEqualTo("22");
        assertThat(violating(new XoneConstraintComponent(SHORT, LETTER))).isEqualTo("a 22");
        assertThat(violating(new NodeConstraintComponent(SHORT))).isEqualTo("bb 22");
        assertThat(violating(new XoneConstraintComponent(SHORT, SHORT))).isEqualTo("a bb 1 22");
        assertThat(violating(new AndConstraintComponent())).isEmpty();
        assertThat(violating(new OrConstraintComponent())).isEqualTo("a bb 1 22");
    }

    @Test
    void whatAnInnerShapeViolatesIsNotReported() {
        List<Reported> reported = Results.of(Results.property(new NodeConstraintComponent(SHORT)), null, VALUES);
        assertThat(reported).extracting(Reported::component).containsOnly("Node");
    }

    @Test
    void nestedPropertyShapesDecideConformanceToo() {
        Shape withPart =
                new Shape("urn:part", null, null, Targets.NONE, "urn:info", List.of(), new Constraint[0], new Shape[] {
                    Results.property(new MinCountConstraintComponent(1))
                });
        TripleGraph graph = new TripleGraph.Builder()
                .add(Results.FOCUS, Results.PATH, new Iri("urn:with"))
                .add(Results.FOCUS, Results.PATH, new Iri("urn:without"))
                .add(new Iri("urn:with"), Results.PATH, Literal.string("x"))
                .build();
        assertThat(Results.of(Results.property(new NodeConstraintComponent(withPart)), graph))
                .containsExactly(new Reported(Results.FOCUS, "Node", new Iri("urn:without")));
    }

    @Test
    void qualifiedCountsLeaveOutWhatConformsToASibling() {
        assertThat(violates(QualifiedValueShapeConstraint.min(2, SHORT))).isFalse();
        assertThat(violates(QualifiedValueShapeConstraint.min(3, SHORT))).isTrue();
        assertThat(violates(QualifiedValueShapeConstraint.max(1, SHORT))).isTrue();
        assertThat(violates(QualifiedValueShapeConstraint.max(1, SHORT, LETTER)))
                .isFalse();
        assertThat(violates(QualifiedValueShapeConstraint.min(2, SHORT, LETTER)))
                .isTrue();
    }

    @Test
    void languages() {
        Term[] values = Results.terms("a@en; b@en-GB; c@EN; d@eng; e; f@de");
        assertThat(Results.violating(new LanguageInConstraintComponent(List.of("en", "fr")), values))
                .containsExactly(values[3], values[4], values[5]);
        assertThat(Results.violating(new LanguageInConstraintComponent(List.of("*")), values))
                .containsExactly(values[4]);
        assertThat(Results.violating(new UniqueLangConstraintComponent(), Results.terms("a@en; b@EN; c@en; d@de")))
                .hasSize(1);
        assertThat(Results.violating(new UniqueLangConstraintComponent(), Results.terms("a; b; c@en; d@de")))
                .isEmpty();
    }

    @Test
    void pairsOfProperties() {
        Literal two = Literal.of("2", Xsd.INTEGER);
        Literal three = Literal.of("3", Xsd.INTEGER);
        assertThat(pair(new EqualsConstraintComponent("urn:q"), two)).containsExactly(two, three);
        assertThat(pair(new EqualsConstraintComponent("urn:q"), three)).isEmpty();
        assertThat(pair(new DisjointConstraintComponent("urn:q"), three)).containsExactly(three);
        assertThat(pair(LessThanConstraintComponent.strict("urn:q"), three)).containsExactly(three);
        assertThat(pair(LessThanConstraintComponent.strict("urn:q"), two)).isEmpty();
        assertThat(pair(LessThanConstraintComponent.orEquals("urn:q"), three)).isEmpty();
        assertThat(pair(LessThanConstraintComponent.strict("urn:q"), new Iri("urn:x")))
                .hasSize(1);
    }

    @Test
    void aJsonNumberEqualsALiteralOfItsValue() {
        assertThat(pair(new EqualsConstraintComponent("urn:q"), Numbers.DECLARED.literal("3.0")))
                .isEmpty();
    }

    @Test
    void aClosedShapeReportsEachTripleUnderItsPredicate() {
        TripleGraph graph = new TripleGraph.Builder()
                .add(Results.FOCUS, "urn:known", Literal.string("x"))
                .add(Results.FOCUS, "urn:other", Literal.string("y"))
                .add(Results.FOCUS, "urn:other", Literal.string("z"))
                .build();
        Shape closed = node("closed", new ClosedConstraintComponent(List.of("urn:known")));
        List<String> reported = new ArrayList<>();
        Evaluator.evaluate(
                new Unit(closed, closed),
                Results.FOCUS,
                graph,
                (focus, shape, constraint, path, value) -> reported.add(path.text() + value));
        assertThat(reported).containsExactly("<urn:other>\"y\"", "<urn:other>\"z\"");
    }

    private static List<Term> pair(Constraint constraint, Term value) {
        TripleGraph graph = new TripleGraph.Builder()
                .add(Results.FOCUS, Results.PATH, value)
                .add(Results.FOCUS, "urn:q", Literal.of("3", Xsd.INTEGER))
                .build();
        return Results.of(Results.property(constraint), graph).stream()
                .map(Reported::value)
                .toList();
    }

    private static String violating(Constraint constraint) {
        return String.join(
                " ",
                Results.violating(constraint, VALUES).stream()
                        .map(value -> ((Literal) value).lexical())
                        .toList());
    }

    private static boolean violates(Constraint constraint) {
        return !Results.violating(constraint, VALUES).isEmpty();
    }

    private static Shape node(String name, Constraint... constraints) {
        return new Shape("urn:" + name, null, null, Targets.NONE, "urn:severity", List.of(), constraints, new Shape[0]);
    }
}
