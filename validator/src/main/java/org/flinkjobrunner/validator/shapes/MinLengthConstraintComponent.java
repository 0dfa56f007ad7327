package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:minLength}: in code points; IRIs count by their text, a blank node violates. */
public final class MinLengthConstraintComponent extends ValueConstraint {
    private final int minLength;

    public MinLengthConstraintComponent(int minLength) {
        super("MinLength");
        this.minLength = minLength;
    }

    @Override
    public String defaultMessage() {
        return "must have at least " + minLength + (minLength == 1 ? " character" : " characters");
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        String text = StringForm.of(value, shape);
        return text != null && StringForm.length(text) >= minLength;
    }
}
