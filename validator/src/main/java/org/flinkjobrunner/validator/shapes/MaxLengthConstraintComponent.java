package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:maxLength}: in code points; IRIs count by their text, a blank node violates. */
public final class MaxLengthConstraintComponent extends ValueConstraint {
    private final int maxLength;

    public MaxLengthConstraintComponent(int maxLength) {
        super("MaxLength");
        this.maxLength = maxLength;
    }

    @Override
    public String defaultMessage() {
        return "must have at most " + maxLength + (maxLength == 1 ? " character" : " characters");
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        String text = StringForm.of(value, shape);
        return text != null && StringForm.length(text) <= maxLength;
    }
}
