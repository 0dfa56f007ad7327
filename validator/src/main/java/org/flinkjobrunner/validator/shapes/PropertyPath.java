package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** A property path: from a focus node to its value nodes. */
public sealed interface PropertyPath permits PredicatePath, InversePath, SequencePath, AlternativePath, RepeatedPath {
    /** The value nodes of a focus node: a set. */
    default List<Term> values(Term focus, GraphView view) {
        return follow(focus, false, view);
    }

    /** Where the path leads from a node; backwards, the nodes from which it leads there. A set. */
    List<Term> follow(Term from, boolean backwards, GraphView view);

    /** In the syntax of SPARQL's property paths. */
    String text();

    /** The text as an operand of {@code /} and {@code |}. */
    default String operand() {
        return text();
    }
}
