package org.flinkjobrunner.validator.shapes;

/** {@code sh:not}: no value node conforms to the shape. */
public final class NotConstraintComponent extends ShapeConstraint {
    public NotConstraintComponent(Shape shape) {
        super("Not", "not conform to", shape);
    }

    @Override
    boolean allows(int conforming, int shapes) {
        return conforming == 0;
    }
}
