package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;

/** {@code sh:minExclusive}. */
public final class MinExclusiveConstraintComponent extends RangeConstraint {
    public MinExclusiveConstraintComponent(Literal limit) {
        super("MinExclusive", limit, "greater than");
    }

    @Override
    boolean allows(Order valueToLimit) {
        return valueToLimit == Order.GREATER;
    }
}
