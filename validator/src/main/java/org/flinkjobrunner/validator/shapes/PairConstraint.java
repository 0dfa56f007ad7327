package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;
import org.flinkjobrunner.validator.term.Term;

/** A constraint between the value nodes and the values of another property of the same focus node. */
abstract class PairConstraint extends Constraint {
    private final String predicate;
    private final String words;

    PairConstraint(String component, String predicate, String words) {
        super(component);
        this.predicate = predicate;
        this.words = words;
    }

    abstract void evaluate(Term focus, List<Term> values, List<Term> others, Shape shape, ResultSink sink);

    @Override
    final void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink) {
        evaluate(focus, values, view.objects(focus, predicate), shape, sink);
    }

    @Override
    public final String parameterKey() {
        return predicate;
    }

    @Override
    public final String defaultMessage() {
        return "must " + words + " <" + predicate + ">";
    }

    /** Reports the terms that are, or are not, among the others. */
    final void report(boolean among, Term focus, List<Term> terms, List<Term> others, Shape shape, ResultSink sink) {
        for (int i = 0; i < terms.size(); i++) {
            if (contains(others, terms.get(i)) == among) {
                sink.violation(focus, shape, this, shape.path(), shown(terms.get(i), shape));
            }
        }
    }

    private static boolean contains(List<Term> terms, Term wanted) {
        for (int i = 0; i < terms.size(); i++) {
            if (same(terms.get(i), wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Term equality; a JSON number, whose lexical form means nothing yet, is compared with a literal by value. */
    private static boolean same(Term left, Term right) {
        if (left instanceof Literal a && right instanceof Literal b && a.jsonNumber() != b.jsonNumber()) {
            Literal json = a.jsonNumber() ? a : b;
            Literal other = a.jsonNumber() ? b : a;
            return other.isNumeric() && json.typed(other.datatype()).compare(other) == Order.EQUAL;
        }
        return left.equals(right);
    }
}
