package org.flinkjobrunner.validator.shapes;

/** {@code sh:node}: each value node conforms to the shape. */
public final class NodeConstraintComponent extends ShapeConstraint {
    public NodeConstraintComponent(Shape shape) {
        super("Node", "conform to", shape);
    }

    @Override
    boolean allows(int conforming, int shapes) {
        return conforming == 1;
    }
}
