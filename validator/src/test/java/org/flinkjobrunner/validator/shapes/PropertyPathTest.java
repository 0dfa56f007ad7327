package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.shapes.RepeatedPath.Times;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;
import org.junit.jupiter.api.Test;

class PropertyPathTest {
    private static final PropertyPath P = new PredicatePath("urn:p");
    private static final PropertyPath Q = new PredicatePath("urn:q");
    /** a p b, b p c, c p a: a circle; b q d, c q d; d q "x". */
    private static final TripleGraph GRAPH = new TripleGraph.Builder()
            .add(iri("a"), "urn:p", iri("b"))
            .add(iri("b"), "urn:p", iri("c"))
            .add(iri("c"), "urn:p", iri("a"))
            .add(iri("b"), "urn:q", iri("d"))
            .add(iri("c"), "urn:q", iri("d"))
            .add(iri("d"), "urn:q", Literal.string("x"))
            .build();

    @Test
    void sequencesAndAlternativesAreSets() {
        assertThat(values("a", sequence(P, Q))).containsExactly(iri("d"));
        assertThat(values("b", sequence(alternative(P, P), Q))).containsExactly(iri("d"));
        assertThat(values("b", alternative(P, Q))).containsExactly(iri("c"), iri("d"));
        assertThat(values("d", sequence(P, Q))).isEmpty();
    }

    @Test
    void circlesEndRepetitions() {
        assertThat(values("a", repeated(P, Times.ZERO_OR_MORE))).containsExactly(iri("a"), iri("b"), iri("c"));
        assertThat(values("a", repeated(P, Times.ONE_OR_MORE))).containsExactly(iri("b"), iri("c"), iri("a"));
        assertThat(values("a", repeated(P, Times.ZERO_OR_ONE))).containsExactly(iri("a"), iri("b"));
        assertThat(values("d", repeated(P, Times.ZERO_OR_MORE))).containsExactly(iri("d"));
        assertThat(values("d", repeated(P, Times.ONE_OR_MORE))).isEmpty();
    }

    @Test
    void anythingCanBeFollowedBackwards() {
        assertThat(values("d", new InversePath(Q))).containsExactlyInAnyOrder(iri("b"), iri("c"));
        assertThat(values("d", new InversePath(sequence(P, Q)))).containsExactlyInAnyOrder(iri("a"), iri("b"));
        assertThat(values("a", new InversePath(new InversePath(P)))).containsExactly(iri("b"));
        assertThat(values("a", new InversePath(repeated(P, Times.ONE_OR_MORE))))
                .containsExactly(iri("c"), iri("b"), iri("a"));
        assertThat(values("d", sequence(new InversePath(Q), new InversePath(P))))
                .containsExactlyInAnyOrder(iri("a"), iri("b"));
        assertThat(new InversePath(Q).values(Literal.string("x"), GRAPH)).containsExactly(iri("d"));
    }

    @Test
    void theTextIsThatOfSparql() {
        assertThat(sequence(P, alternative(Q, new InversePath(P))).text()).isEqualTo("<urn:p>/(<urn:q>|^<urn:p>)");
        assertThat(repeated(sequence(P, Q), Times.ONE_OR_MORE).text()).isEqualTo("(<urn:p>/<urn:q>)+");
        assertThat(new InversePath(repeated(P, Times.ZERO_OR_MORE)).text()).isEqualTo("^<urn:p>*");
        assertThat(repeated(new InversePath(P), Times.ZERO_OR_ONE).text()).isEqualTo("(^<urn:p>)?");
        assertThat(new InversePath(sequence(P, Q)).text()).isEqualTo("^(<urn:p>/<urn:q>)");
    }

    private static List<Term> values(String focus, PropertyPath path) {
        return path.values(iri(focus), GRAPH);
    }

    private static PropertyPath sequence(PropertyPath... steps) {
        return new SequencePath(List.of(steps));
    }

    private static PropertyPath alternative(PropertyPath... alternatives) {
        return new AlternativePath(List.of(alternatives));
    }

    private static PropertyPath repeated(PropertyPath path, Times times) {
        return new RepeatedPath(path, times);
    }

    private static Iri iri(String name) {
        return new Iri("urn:" + name);
    }
}
