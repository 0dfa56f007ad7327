package org.flinkjobrunner.validator.shapes;

/** {@code sh:maxCount}. */
public final class MaxCountConstraintComponent extends CountConstraint {
    private final int maxCount;

    public MaxCountConstraintComponent(int maxCount) {
        super("MaxCount");
        this.maxCount = maxCount;
    }

    @Override
    public String defaultMessage() {
        return "must have at most " + maxCount + (maxCount == 1 ? " value" : " values");
    }

    @Override
    boolean allows(int count) {
        return count <= maxCount;
    }
}
