package org.flinkjobrunner.validator.shapes;

import java.util.List;
import java.util.stream.Collectors;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** A constraint by the conformance of each value node to other shapes: one result, whatever those shapes would report. */
abstract class ShapeConstraint extends ValueConstraint {
    private final Shape[] shapes;
    private final String words;

    ShapeConstraint(String component, String words, Shape... shapes) {
        super(component);
        this.words = words;
        this.shapes = shapes;
    }

    abstract boolean allows(int conforming, int shapes);

    @Override
    final boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        int conforming = 0;
        for (Shape inner : shapes) {
            if (Evaluator.conforms(inner, value, view)) {
                conforming++;
            }
        }
        return allows(conforming, shapes.length);
    }

    /** A shape may have several constraints of this component. */
    @Override
    public final String parameterKey() {
        return labels();
    }

    @Override
    public final String defaultMessage() {
        return "must " + words + " " + labels();
    }

    private String labels() {
        return List.of(shapes).stream().map(Shape::label).collect(Collectors.joining(", "));
    }
}
