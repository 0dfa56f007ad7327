package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;
import org.flinkjobrunner.validator.term.Term;

/** A bound on each value node; what cannot be compared with the bound violates it. */
abstract class RangeConstraint extends ValueConstraint {
    private final Literal limit;
    private final String words;

    RangeConstraint(String component, Literal limit, String words) {
        super(component);
        this.limit = limit;
        this.words = words;
    }

    abstract boolean allows(Order valueToLimit);

    @Override
    public final String defaultMessage() {
        return "must be " + words + " " + limit.lexical();
    }

    @Override
    final boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        return value instanceof Literal literal
                && allows(literal.typed(shape.declaredDatatype()).compare(limit));
    }
}
