package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** The IRI of a property: nearly every path of a stream is one. */
public record PredicatePath(String predicate) implements PropertyPath {
    @Override
    public List<Term> values(Term focus, GraphView view) {
        return view.objects(focus, predicate);
    }

    @Override
    public List<Term> follow(Term from, boolean backwards, GraphView view) {
        return backwards ? view.subjects(predicate, from) : view.objects(from, predicate);
    }

    @Override
    public String text() {
        return "<" + predicate + ">";
    }
}
