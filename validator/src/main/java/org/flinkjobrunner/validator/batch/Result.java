package org.flinkjobrunner.validator.batch;

import java.util.Comparator;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.PropertyPath;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.TermOrder;

/** One validation result; {@code path} may be null, {@code value} is null for constraints of the focus node as a whole. */
record Result(Term focusNode, Shape shape, Constraint constraint, PropertyPath path, Term value) {
    /** The order of every report, whatever the order of shapes and data. */
    static final Comparator<Result> ORDER = Comparator.comparing(Result::focusNode, TermOrder.INSTANCE)
            .thenComparing(result -> result.shape.label())
            .thenComparing(result -> result.constraint.component())
            .thenComparing(result -> result.constraint.parameterKey(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(result -> text(result.path), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Result::value, Comparator.nullsFirst(TermOrder.INSTANCE));

    /** The path in the syntax of SPARQL; null for a node shape. */
    String pathText() {
        return text(path);
    }

    private static String text(PropertyPath path) {
        return path == null ? null : path.text();
    }
}
