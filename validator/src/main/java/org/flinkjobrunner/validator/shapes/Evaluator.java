package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/**
 * Evaluates shapes against a data graph. It runs for every update of the stream, so where paths are predicates it walks
 * arrays and allocates nothing unless something is violated.
 */
public final class Evaluator {
    private Evaluator() {}

    /** Reports what the focus node violates in this unit, in the order of constraints and nested property shapes. */
    public static void evaluate(Unit unit, Term focus, GraphView view, ResultSink sink) {
        Shape shape = unit.shape();
        if (shape.path() == null) {
            evaluateConstraints(shape, focus, List.of(focus), view, sink);
        } else {
            evaluateProperty(shape, focus, view, sink);
        }
    }

    /** Whether the focus node conforms to the shape; severities play no part in it. */
    static boolean conforms(Shape shape, Term focus, GraphView view) {
        List<Term> values = shape.path() == null ? List.of(focus) : shape.path().values(focus, view);
        Noticed noticed = new Noticed();
        for (Constraint constraint : shape.constraints()) {
            constraint.evaluate(focus, values, shape, view, noticed);
            if (noticed.any) {
                return false;
            }
        }
        for (Shape property : shape.property()) {
            for (int i = 0; i < values.size(); i++) {
                if (!conforms(property, values.get(i), view)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** {@code sh:property} has no result of its own: each value node is a focus node of the nested shapes. */
    private static void evaluateProperty(Shape shape, Term focus, GraphView view, ResultSink sink) {
        List<Term> values = shape.path().values(focus, view);
        evaluateConstraints(shape, focus, values, view, sink);
        Shape[] nested = shape.property();
        if (nested.length == 0) {
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            for (Shape property : nested) {
                evaluateProperty(property, values.get(i), view, sink);
            }
        }
    }

    private static void evaluateConstraints(
            Shape shape, Term focus, List<Term> values, GraphView view, ResultSink sink) {
        for (Constraint constraint : shape.constraints()) {
            constraint.evaluate(focus, values, shape, view, sink);
        }
    }

    /** For conformance it does not matter what is violated, nor how often. */
    private static final class Noticed implements ResultSink {
        private boolean any;

        @Override
        public void violation(Term focusNode, Shape shape, Constraint constraint, PropertyPath path, Term value) {
            any = true;
        }
    }
}
