package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;

/** {@code sh:minInclusive}. */
public final class MinInclusiveConstraintComponent extends RangeConstraint {
    public MinInclusiveConstraintComponent(Literal limit) {
        super("MinInclusive", limit, "at least");
    }

    @Override
    boolean allows(Order valueToLimit) {
        return valueToLimit == Order.GREATER || valueToLimit == Order.EQUAL;
    }
}
