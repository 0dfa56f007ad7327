package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** Evaluates shapes against a data graph. */
public final class Evaluator {
    private Evaluator() {}

    public static void evaluate(Unit unit, Term focus, GraphView view, ResultSink sink) {
        throw new UnsupportedOperationException();
    }
}
