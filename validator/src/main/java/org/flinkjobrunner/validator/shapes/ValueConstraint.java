package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** A constraint that looks at each value node alone, and reports each one that does not satisfy it. */
abstract class ValueConstraint extends Constraint {
    ValueConstraint(String component) {
        super(component);
    }

    abstract boolean isSatisfiedBy(Term value, Shape shape, GraphView view);

    @Override
    final void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink) {
        for (int i = 0; i < values.size(); i++) {
            Term value = values.get(i);
            if (!isSatisfiedBy(value, shape, view)) {
                sink.violation(focus, shape, this, shape.path(), shown(value, shape));
            }
        }
    }
}
