package org.flinkjobrunner.validator.shapes;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:uniqueLang}: no two value nodes have the same language tag. Each repeated tag is a result of its own. */
public final class UniqueLangConstraintComponent extends Constraint {
    /** The tag that is repeated, in a result; null in a shape. */
    private final String repeated;

    public UniqueLangConstraintComponent() {
        this(null);
    }

    private UniqueLangConstraintComponent(String repeated) {
        super("UniqueLang");
        this.repeated = repeated;
    }

    @Override
    public String parameterKey() {
        return repeated;
    }

    @Override
    public String defaultMessage() {
        return "must have at most one value " + (repeated == null ? "per language" : "in the language " + repeated);
    }

    @Override
    void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink) {
        if (values.size() < 2) {
            return;
        }
        Set<String> seen = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (Term value : values) {
            if (value instanceof Literal literal && literal.language() != null) {
                String tag = literal.language().toLowerCase(Locale.ROOT);
                if (!seen.add(tag) && told.add(tag)) {
                    sink.violation(focus, shape, new UniqueLangConstraintComponent(tag), shape.path(), null);
                }
            }
        }
    }
}
