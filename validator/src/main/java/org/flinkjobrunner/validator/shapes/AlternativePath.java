package org.flinkjobrunner.validator.shapes;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:alternativePath}. */
public record AlternativePath(List<PropertyPath> alternatives) implements PropertyPath {
    @Override
    public List<Term> follow(Term from, boolean backwards, GraphView view) {
        Set<Term> reached = new LinkedHashSet<>();
        for (PropertyPath alternative : alternatives) {
            reached.addAll(alternative.follow(from, backwards, view));
        }
        return List.copyOf(reached);
    }

    @Override
    public String text() {
        return alternatives.stream().map(PropertyPath::operand).collect(Collectors.joining("|"));
    }

    @Override
    public String operand() {
        return "(" + text() + ")";
    }
}
