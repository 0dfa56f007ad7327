package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/**
 * {@code sh:qualifiedValueShape} with its {@code sh:qualifiedMinCount} or {@code sh:qualifiedMaxCount}: a bound on the
 * number of value nodes that conform to the shape, and with {@code sh:qualifiedValueShapesDisjoint} to none of its siblings.
 */
public final class QualifiedValueShapeConstraint extends Constraint {
    private final Shape qualified;
    private final Shape[] siblings;
    private final int min;
    private final int max;

    private QualifiedValueShapeConstraint(String component, Shape qualified, Shape[] siblings, int min, int max) {
        super(component);
        this.qualified = qualified;
        this.siblings = siblings;
        this.min = min;
        this.max = max;
    }

    /** @param siblings the shapes to which a value that counts must not conform; may be empty */
    public static QualifiedValueShapeConstraint min(int count, Shape qualified, Shape... siblings) {
        return new QualifiedValueShapeConstraint("QualifiedMinCount", qualified, siblings, count, Integer.MAX_VALUE);
    }

    public static QualifiedValueShapeConstraint max(int count, Shape qualified, Shape... siblings) {
        return new QualifiedValueShapeConstraint("QualifiedMaxCount", qualified, siblings, 0, count);
    }

    @Override
    public String defaultMessage() {
        boolean least = max == Integer.MAX_VALUE;
        int bound = least ? min : max;
        return "must have at " + (least ? "least " : "most ") + bound + (bound == 1 ? " value" : " values")
                + (bound == 1 ? " that conforms to " : " that conform to ") + qualified.label();
    }

    @Override
    void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink) {
        int count = 0;
        for (int i = 0; i < values.size(); i++) {
            if (counts(values.get(i), view)) {
                count++;
            }
        }
        if (count < min || count > max) {
            sink.violation(focus, shape, this, shape.path(), null);
        }
    }

    private boolean counts(Term value, GraphView view) {
        if (!Evaluator.conforms(qualified, value, view)) {
            return false;
        }
        for (Shape sibling : siblings) {
            if (Evaluator.conforms(sibling, value, view)) {
                return false;
            }
        }
        return true;
    }
}
