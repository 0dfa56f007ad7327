package org.flinkjobrunner.validator.shapes;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** A list of paths, one after the other. */
public record SequencePath(List<PropertyPath> steps) implements PropertyPath {
    @Override
    public List<Term> follow(Term from, boolean backwards, GraphView view) {
        int last = steps.size() - 1;
        List<Term> nodes = List.of(from);
        for (int i = 0; i <= last && !nodes.isEmpty(); i++) {
            PropertyPath step = steps.get(backwards ? last - i : i);
            nodes = nodes.size() == 1
                    ? step.follow(nodes.get(0), backwards, view)
                    : union(nodes, step, backwards, view);
        }
        return nodes;
    }

    private static List<Term> union(List<Term> nodes, PropertyPath step, boolean backwards, GraphView view) {
        Set<Term> reached = new LinkedHashSet<>();
        for (Term node : nodes) {
            reached.addAll(step.follow(node, backwards, view));
        }
        return List.copyOf(reached);
    }

    @Override
    public String text() {
        return steps.stream().map(PropertyPath::operand).collect(Collectors.joining("/"));
    }

    @Override
    public String operand() {
        return "(" + text() + ")";
    }
}
