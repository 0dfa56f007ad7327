package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.shapes.Results.Reported;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.NamedBlankNode;
import org.flinkjobrunner.validator.term.Xsd;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final Constraint IRI = new NodeKindConstraintComponent(NodeKind.IRI);
    private static final Constraint AT_LEAST_ONE = new MinCountConstraintComponent(1);

    @Test
    void eachValueNodeIsTheFocusOfTheNestedShapes() {
        NamedBlankNode first = new NamedBlankNode("_:1");
        NamedBlankNode second = new NamedBlankNode("_:2");
        TripleGraph graph = new TripleGraph.Builder()
                .add(Results.FOCUS, "urn:state", first)
                .add(Results.FOCUS, "urn:state", second)
                .add(second, "urn:value", Literal.string("x"))
                .build();
        Shape nested = shape("urn:value", new Constraint[] {AT_LEAST_ONE, IRI});
        assertThat(evaluate(shape("urn:state", new Constraint[] {AT_LEAST_ONE}, nested), graph))
                .containsExactly(
                        new Reported(first, "MinCount", null), new Reported(second, "NodeKind", Literal.string("x")));
    }

    @Test
    void withoutValueNodesNothingNestedIsEvaluated() {
        Shape nested = shape("urn:value", new Constraint[] {AT_LEAST_ONE});
        assertThat(evaluate(shape("urn:state", new Constraint[0], nested), new TripleGraph.Builder().build()))
                .isEmpty();
    }

    @Test
    void aNodeShapesOwnConstraintsSeeTheFocusNodeOnly() {
        Shape nested = shape("urn:value", new Constraint[] {AT_LEAST_ONE});
        Shape root = shape(null, new Constraint[] {new NodeKindConstraintComponent(NodeKind.LITERAL), IRI}, nested);
        assertThat(evaluate(root, new TripleGraph.Builder().build()))
                .containsExactly(new Reported(Results.FOCUS, "NodeKind", Results.FOCUS));
    }

    @Test
    void literalsMayBeFocusNodesOfNestedShapes() {
        TripleGraph graph = new TripleGraph.Builder()
                .add(Results.FOCUS, "urn:p", Literal.of("1", Xsd.INTEGER))
                .build();
        Shape nested = shape("urn:q", new Constraint[] {AT_LEAST_ONE});
        assertThat(evaluate(shape("urn:p", new Constraint[0], nested), graph))
                .containsExactly(new Reported(Literal.of("1", Xsd.INTEGER), "MinCount", null));
    }

    @Test
    void messagesFallBackToTheComponentsWords() {
        Shape silent = shape("urn:p", new Constraint[] {AT_LEAST_ONE});
        assertThat(silent.messagesFor(AT_LEAST_ONE)).containsExactly(new Message("must have at least 1 value", null));
        List<Message> own = List.of(new Message("fehlt", "de"));
        Shape speaking = new Shape(
                "urn:s",
                "urn:s",
                new PredicatePath("urn:p"),
                Targets.NONE,
                "urn:v",
                own,
                new Constraint[] {AT_LEAST_ONE},
                new Shape[0]);
        assertThat(speaking.messagesFor(AT_LEAST_ONE)).isEqualTo(own);
    }

    @Test
    void everyComponentHasWordsThatNameItsParameter() {
        assertThat(List.of(
                        new ClassConstraintComponent("urn:C"),
                        new DatatypeConstraintComponent("urn:D"),
                        new NodeKindConstraintComponent(NodeKind.IRI),
                        new MaxCountConstraintComponent(3),
                        new MinExclusiveConstraintComponent(Literal.of("3", Xsd.INTEGER)),
                        new MaxLengthConstraintComponent(3),
                        new HasValueConstraintComponent(new Iri("urn:V"), null),
                        new InConstraintComponent(List.of(new Iri("urn:V")), null)))
                .extracting(Constraint::defaultMessage)
                .containsExactly(
                        "must be an instance of <urn:C>",
                        "must be a well-formed literal of <urn:D>",
                        "must be of node kind IRI",
                        "must have at most 3 values",
                        "must be greater than 3",
                        "must have at most 3 characters",
                        "must have the value <urn:V>",
                        "must be one of <urn:V>");
    }

    private static Shape shape(String path, Constraint[] constraints, Shape... nested) {
        String label = "urn:shape:" + path;
        PropertyPath predicate = path == null ? null : new PredicatePath(path);
        return new Shape(label, label, predicate, Targets.NONE, "urn:severity", List.of(), constraints, nested);
    }

    private static List<Reported> evaluate(Shape shape, TripleGraph graph) {
        return Results.of(shape, graph);
    }
}
