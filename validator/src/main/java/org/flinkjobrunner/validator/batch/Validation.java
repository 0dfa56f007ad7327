package org.flinkjobrunner.validator.batch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.graph.MergedGraph;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.shapes.Evaluator;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.term.Term;

/** Validates a whole data graph: the same evaluator as the stream's, over all targets. */
final class Validation {
    private Validation() {}

    /** A set, because a property shape may be reached in several ways, in canonical order. */
    static List<Result> validate(Program program, MergedGraph data) {
        Set<Result> results = new LinkedHashSet<>();
        Shape root = null;
        Set<Term> focusNodes = Set.of();
        for (Unit unit : program.units()) { // sorted, so that those of one root follow each other
            if (unit.root() != root) {
                root = unit.root();
                focusNodes = focusNodes(root, data);
            }
            for (Term focus : focusNodes) {
                Evaluator.evaluate(
                        unit,
                        focus,
                        data,
                        (node, shape, constraint, value) -> results.add(new Result(node, shape, constraint, value)));
            }
        }
        return results.stream().sorted(Result.ORDER).toList();
    }

    private static Set<Term> focusNodes(Shape root, MergedGraph data) {
        Set<Term> focusNodes = new LinkedHashSet<>();
        for (String target : root.targetClasses()) {
            focusNodes.addAll(data.instances(target));
        }
        return focusNodes;
    }
}
