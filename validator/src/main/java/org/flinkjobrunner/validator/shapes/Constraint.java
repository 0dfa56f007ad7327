package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** One constraint of a shape: a constraint component with its parameters. */
public abstract class Constraint {
    /** The namespace of SHACL. */
    public static final String SH = "http://www.w3.org/ns/shacl#";

    private final String component;

    /** @param component the component's W3C name, such as {@code MinCount} */
    Constraint(String component) {
        this.component = component;
    }

    /** Such as {@code MinCount}. */
    public final String component() {
        return component;
    }

    /** Such as {@code http://www.w3.org/ns/shacl#MinCountConstraintComponent}. */
    public final String componentIri() {
        return SH + component + "ConstraintComponent";
    }

    /** Where a shape may have several constraints of this component: what tells them apart; else null. */
    public String parameterKey() {
        return null;
    }

    /** What a value must be, in English, for shapes that have no message of their own. */
    public abstract String defaultMessage();

    /** Reports every violation among the value nodes of one focus node. */
    abstract void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink);

    /**
     * A JSON number is shown in the datatype that the shape declares, if that can represent it.
     *
     * @param shape null when it is no value of the shape's path
     */
    static Term shown(Term value, Shape shape) {
        return value instanceof Literal literal
                ? literal.typed(shape == null ? null : shape.declaredDatatype())
                : value;
    }
}
