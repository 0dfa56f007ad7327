package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:disjoint}: no value in common. */
public final class DisjointConstraintComponent extends PairConstraint {
    public DisjointConstraintComponent(String predicate) {
        super("Disjoint", predicate, "have no value in common with");
    }

    @Override
    void evaluate(Term focus, List<Term> values, List<Term> others, Shape shape, ResultSink sink) {
        report(true, focus, values, others, shape, sink);
    }
}
