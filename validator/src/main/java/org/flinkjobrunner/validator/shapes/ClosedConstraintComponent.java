package org.flinkjobrunner.validator.shapes;

import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:closed}: value nodes have no other properties than these; each triple that is too many is a result. */
public final class ClosedConstraintComponent extends Constraint {
    private final Set<String> allowed;

    /** @param allowed the paths of the shape's property shapes, and {@code sh:ignoredProperties} */
    public ClosedConstraintComponent(List<String> allowed) {
        super("Closed");
        this.allowed = Set.copyOf(allowed);
    }

    @Override
    public String defaultMessage() {
        return "must not be there: the shape is closed";
    }

    @Override
    void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink) {
        for (int i = 0; i < values.size(); i++) {
            Term subject = values.get(i);
            for (String predicate : view.predicates(subject)) {
                if (!allowed.contains(predicate)) {
                    PropertyPath path = new PredicatePath(predicate);
                    for (Term object : view.objects(subject, predicate)) {
                        sink.violation(focus, shape, this, path, shown(object, null));
                    }
                }
            }
        }
    }
}
