package org.flinkjobrunner.validator.shapes;

import com.google.re2j.Pattern;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/**
 * {@code sh:pattern}: the pattern is found somewhere in the string form of each value node; a blank node violates. RE2
 * matches in time linear to the text, so that no pattern and no text can hold up the stream.
 */
public final class PatternConstraintComponent extends ValueConstraint {
    private final String pattern;
    private final Pattern compiled;

    /**
     * @param pattern  as the shape has it, for the message
     * @param compiled what it means, translated from the XPath dialect
     */
    public PatternConstraintComponent(String pattern, Pattern compiled) {
        super("Pattern");
        this.pattern = pattern;
        this.compiled = compiled;
    }

    @Override
    public String defaultMessage() {
        return "must match the pattern " + pattern;
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        String text = StringForm.of(value, shape);
        return text != null && compiled.matcher(text).find();
    }
}
