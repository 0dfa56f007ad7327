package org.flinkjobrunner.validator.shapes;

/** {@code sh:xone}: each value node conforms to exactly one of the shapes. */
public final class XoneConstraintComponent extends ShapeConstraint {
    public XoneConstraintComponent(Shape... shapes) {
        super("Xone", "conform to exactly one of", shapes);
    }

    @Override
    boolean allows(int conforming, int shapes) {
        return conforming == 1;
    }
}
