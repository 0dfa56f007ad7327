package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** A bound on the number of value nodes: one result for the focus node, without a value. */
abstract class CountConstraint extends Constraint {
    CountConstraint(String component) {
        super(component);
    }

    abstract boolean allows(int count);

    @Override
    final void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink) {
        if (!allows(values.size())) {
            sink.violation(focus, shape, this, shape.path(), null);
        }
    }
}
