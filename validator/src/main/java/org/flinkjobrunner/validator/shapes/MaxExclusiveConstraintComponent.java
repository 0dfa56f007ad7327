package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;

/** {@code sh:maxExclusive}. */
public final class MaxExclusiveConstraintComponent extends RangeConstraint {
    public MaxExclusiveConstraintComponent(Literal limit) {
        super("MaxExclusive", limit, "less than");
    }

    @Override
    boolean allows(Order valueToLimit) {
        return valueToLimit == Order.LESS;
    }
}
