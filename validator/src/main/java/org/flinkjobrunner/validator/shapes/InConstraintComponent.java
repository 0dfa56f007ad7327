package org.flinkjobrunner.validator.shapes;

import java.util.List;
import java.util.stream.Collectors;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.term.Term;

/** {@code sh:in}: each value node is a member of the list. */
public final class InConstraintComponent extends ValueConstraint {
    private static final int SHOWN = 10;

    private final List<Term> list;
    private final Members members;

    public InConstraintComponent(List<Term> list, String declaredDatatype) {
        super("In");
        this.list = List.copyOf(list);
        this.members = new Members(list, declaredDatatype);
    }

    @Override
    public String defaultMessage() {
        String shown = list.stream().limit(SHOWN).map(Term::toString).collect(Collectors.joining(", "));
        return "must be one of " + shown + (list.size() > SHOWN ? ", ..." : "");
    }

    @Override
    boolean isSatisfiedBy(Term value, Shape shape, GraphView view) {
        return members.contain(value);
    }
}
