package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:inversePath}. */
public record InversePath(PropertyPath path) implements PropertyPath {
    @Override
    public List<Term> follow(Term from, boolean backwards, GraphView view) {
        return path.follow(from, !backwards, view);
    }

    @Override
    public String text() {
        boolean simple = path instanceof PredicatePath || path instanceof RepeatedPath;
        return simple ? "^" + path.text() : "^(" + path.text() + ")";
    }
}
