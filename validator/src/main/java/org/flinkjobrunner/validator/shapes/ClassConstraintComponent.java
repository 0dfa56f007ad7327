package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:class}: each value node is an instance of the class; a literal never is. */
public final class ClassConstraintComponent extends ValueConstraint {
    private final String classIri;

    public ClassConstraintComponent(String classIri) {
        super("Class");
        this.classIri = classIri;
    }

    @Override
    public String parameterKey() {
        return classIri;
    }

    @Override
    public String defaultMessage() {
        return "must be an instance of <" + classIri + ">";
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        return !(value instanceof Literal) && view.isInstance(value, classIri);
    }
}
