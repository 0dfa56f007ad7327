package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;

/** {@code sh:maxInclusive}. */
public final class MaxInclusiveConstraintComponent extends RangeConstraint {
    public MaxInclusiveConstraintComponent(Literal limit) {
        super("MaxInclusive", limit, "at most");
    }

    @Override
    boolean allows(Order valueToLimit) {
        return valueToLimit == Order.LESS || valueToLimit == Order.EQUAL;
    }
}
