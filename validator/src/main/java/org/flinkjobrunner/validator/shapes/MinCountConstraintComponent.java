package org.flinkjobrunner.validator.shapes;

/** {@code sh:minCount}. */
public final class MinCountConstraintComponent extends CountConstraint {
    private final int minCount;

    public MinCountConstraintComponent(int minCount) {
        super("MinCount");
        this.minCount = minCount;
    }

    @Override
    public String defaultMessage() {
        return "must have at least " + minCount + (minCount == 1 ? " value" : " values");
    }

    @Override
    boolean allows(int count) {
        return count >= minCount;
    }
}
