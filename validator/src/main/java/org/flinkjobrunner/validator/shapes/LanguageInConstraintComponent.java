package org.flinkjobrunner.validator.shapes;

import java.util.List;
import java.util.Locale;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:languageIn}: each value node has a language tag that one of the ranges matches, as {@code langMatches} does. */
public final class LanguageInConstraintComponent extends ValueConstraint {
    private final List<String> ranges;

    public LanguageInConstraintComponent(List<String> ranges) {
        super("LanguageIn");
        this.ranges =
                ranges.stream().map(range -> range.toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public String defaultMessage() {
        return "must be in one of the languages " + String.join(", ", ranges);
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        if (!(value instanceof Literal literal) || literal.language() == null) {
            return false;
        }
        String tag = literal.language().toLowerCase(Locale.ROOT);
        for (String range : ranges) {
            if (range.equals("*") || tag.equals(range) || tag.startsWith(range + "-")) {
                return true;
            }
        }
        return false;
    }
}
