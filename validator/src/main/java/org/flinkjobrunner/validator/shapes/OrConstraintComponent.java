package org.flinkjobrunner.validator.shapes;

/** {@code sh:or}: each value node conforms to one of the shapes, or to several. */
public final class OrConstraintComponent extends ShapeConstraint {
    public OrConstraintComponent(Shape... shapes) {
        super("Or", "conform to one or more of", shapes);
    }

    @Override
    boolean allows(int conforming, int shapes) {
        return conforming > 0;
    }
}
