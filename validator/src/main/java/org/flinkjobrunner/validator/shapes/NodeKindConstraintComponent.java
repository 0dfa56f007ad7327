package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:nodeKind}: each value node is an IRI, a blank node or a literal, or one of two of these. */
public final class NodeKindConstraintComponent extends ValueConstraint {
    private final NodeKind nodeKind;

    public NodeKindConstraintComponent(NodeKind nodeKind) {
        super("NodeKind");
        this.nodeKind = nodeKind;
    }

    @Override
    public String defaultMessage() {
        return "must be of node kind " + nodeKind.text();
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        return nodeKind.includes(value);
    }
}
