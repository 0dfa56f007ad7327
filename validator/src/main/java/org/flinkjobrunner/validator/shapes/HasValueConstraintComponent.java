package org.flinkjobrunner.validator.shapes;

import java.util.List;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:hasValue}: one of the value nodes is this term; a result concerns the focus node and has no value. */
public final class HasValueConstraintComponent extends Constraint {
    private final Term required;
    private final Members members;

    public HasValueConstraintComponent(Term required, String declaredDatatype) {
        super("HasValue");
        this.required = required;
        this.members = new Members(List.of(required), declaredDatatype);
    }

    @Override
    public String parameterKey() {
        return required.toString();
    }

    @Override
    public String defaultMessage() {
        return "must have the value " + required;
    }

    @Override
    void evaluate(Term focus, List<Term> values, Shape shape, GraphView view, ResultSink sink) {
        for (int i = 0; i < values.size(); i++) {
            if (members.contain(values.get(i))) {
                return;
            }
        }
        sink.violation(focus, shape, this, shape.path(), null);
    }
}
