package org.flinkjobrunner.validator.batch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.graph.MergedGraph;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.shapes.Evaluator;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Targets;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.term.Term;

/** Validates a whole data graph: the same evaluator as the stream's, over all targets. */
final class Validation {
    private Validation() {}

    /** In canonical order. Where a shape is reached in several ways, each is a result, as the specification has it. */
    static List<Result> validate(Program program, MergedGraph data) {
        List<Result> results = new ArrayList<>();
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
                        (node, shape, constraint, path, value) ->
                                results.add(new Result(node, shape, constraint, path, value)));
            }
        }
        results.sort(Result.ORDER);
        return results;
    }

    private static Set<Term> focusNodes(Shape root, MergedGraph data) {
        Set<Term> focusNodes = new LinkedHashSet<>();
        Targets targets = root.targets();
        targets.classes().forEach(target -> focusNodes.addAll(data.instances(target)));
        focusNodes.addAll(targets.nodes());
        targets.subjectsOf().forEach(predicate -> focusNodes.addAll(data.subjectsOf(predicate)));
        targets.objectsOf().forEach(predicate -> focusNodes.addAll(data.objectsOf(predicate)));
        return focusNodes;
    }
}
