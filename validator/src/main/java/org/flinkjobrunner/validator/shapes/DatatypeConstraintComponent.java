package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:datatype}: each value node is a literal of exactly this datatype, and one of its lexical forms. */
public final class DatatypeConstraintComponent extends ValueConstraint {
    private final String datatype;

    public DatatypeConstraintComponent(String datatype) {
        super("Datatype");
        this.datatype = datatype;
    }

    public String datatype() {
        return datatype;
    }

    @Override
    public String defaultMessage() {
        return "must be a well-formed literal of <" + datatype + ">";
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        if (!(value instanceof Literal literal)) {
            return false;
        }
        Literal typed = literal.typed(datatype);
        return typed.datatype().equals(datatype) && typed.isWellFormed();
    }
}
