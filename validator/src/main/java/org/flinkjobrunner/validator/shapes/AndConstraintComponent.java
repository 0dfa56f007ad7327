package org.flinkjobrunner.validator.shapes;

/** {@code sh:and}: each value node conforms to all of the shapes. */
public final class AndConstraintComponent extends ShapeConstraint {
    public AndConstraintComponent(Shape... shapes) {
        super("And", "conform to all of", shapes);
    }

    @Override
    boolean allows(int conforming, int shapes) {
        return conforming == shapes;
    }
}
