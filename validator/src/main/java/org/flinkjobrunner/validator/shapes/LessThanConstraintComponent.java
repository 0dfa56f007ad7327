package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;
import org.flinkjobrunner.validator.term.Term;

/**
 * {@code sh:lessThan} and {@code sh:lessThanOrEquals}: each value is less than each other; incomparable ones violate. Each
 * pair is a result of its own.
 */
public final class LessThanConstraintComponent extends PairConstraint {
    private final boolean orEquals;

    private LessThanConstraintComponent(String component, String predicate, boolean orEquals) {
        super(component, predicate, orEquals ? "be at most the value of" : "be less than the value of");
        this.orEquals = orEquals;
    }

    public static LessThanConstraintComponent strict(String predicate) {
        return new LessThanConstraintComponent("LessThan", predicate, false);
    }

    public static LessThanConstraintComponent orEquals(String predicate) {
        return new LessThanConstraintComponent("LessThanOrEquals", predicate, true);
    }

    @Override
    void evaluate(Term focus, List<Term> values, List<Term> others, Shape shape, ResultSink sink) {
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < others.size(); j++) {
                if (!allows(values.get(i), others.get(j), shape)) {
                    sink.violation(focus, shape, this, shape.path(), shown(values.get(i), shape));
                }
            }
        }
    }

    private boolean allows(Term left, Term right, Shape shape) {
        if (!(left instanceof Literal value) || !(right instanceof Literal limit)) {
            return false;
        }
        Order order = value.typed(shape.declaredDatatype()).compare(limit.typed(shape.declaredDatatype()));
        return order == Order.LESS || orEquals && order == Order.EQUAL;
    }
}
