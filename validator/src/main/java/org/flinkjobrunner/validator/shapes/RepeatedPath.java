package org.flinkjobrunner.validator.shapes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:zeroOrMorePath}, {@code sh:oneOrMorePath} and {@code sh:zeroOrOnePath}; cycles of the data end them. */
public record RepeatedPath(PropertyPath path, Times times) implements PropertyPath {
    /** How often the path may be followed. */
    public enum Times {
        ZERO_OR_MORE("zeroOrMore", "*"),
        ONE_OR_MORE("oneOrMore", "+"),
        ZERO_OR_ONE("zeroOrOne", "?");

        private final String text;
        private final String sign;

        Times(String text, String sign) {
            this.text = text;
            this.sign = sign;
        }

        /** As programs write it; SHACL's term has {@code Path} behind. */
        public String text() {
            return text;
        }
    }

    @Override
    public List<Term> follow(Term from, boolean backwards, GraphView view) {
        Set<Term> reached = new LinkedHashSet<>();
        if (times != Times.ONE_OR_MORE) {
            reached.add(from);
        }
        Deque<Term> open = new ArrayDeque<>();
        for (Term next : path.follow(from, backwards, view)) {
            if (reached.add(next)) {
                open.add(next);
            }
        }
        while (times != Times.ZERO_OR_ONE && !open.isEmpty()) {
            for (Term next : path.follow(open.remove(), backwards, view)) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return List.copyOf(reached);
    }

    @Override
    public String text() {
        return (path instanceof PredicatePath ? path.text() : "(" + path.text() + ")") + times.sign;
    }
}
