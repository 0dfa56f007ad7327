package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:equals}: the same set of values; what only one of both has is reported. */
public final class EqualsConstraintComponent extends PairConstraint {
    public EqualsConstraintComponent(String predicate) {
        super("Equals", predicate, "have the same values as");
    }

    @Override
    void evaluate(Term focus, List<Term> values, List<Term> others, Shape shape, ResultSink sink) {
        report(false, focus, values, others, shape, sink);
        report(false, focus, others, values, shape, sink);
    }
}
