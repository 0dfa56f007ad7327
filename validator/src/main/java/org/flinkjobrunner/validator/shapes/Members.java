package org.flinkjobrunner.validator.shapes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Order;
import org.flinkjobrunner.validator.term.Term;

/**
 * The terms that {@code sh:in} and {@code sh:hasValue} name. Terms are equal by lexical form and datatype; only a JSON
 * number, whose lexical form means nothing yet, is compared by value, in the datatype that the shape declares.
 */
final class Members {
    private final Set<Term> terms;
    private final Literal[] numbers;
    private final String declaredDatatype;

    /** @param declaredDatatype of the shape, or null */
    Members(List<Term> terms, String declaredDatatype) {
        this.terms = new HashSet<>(terms);
        this.declaredDatatype = declaredDatatype;
        List<Literal> numeric = new ArrayList<>();
        for (Term term : terms) {
            if (term instanceof Literal literal && literal.isNumeric()) {
                Literal number = declaredDatatype == null ? literal : literal.recast(declaredDatatype);
                if (number != null) {
                    numeric.add(number);
                }
            }
        }
        this.numbers = numeric.toArray(Literal[]::new);
    }

    boolean contain(Term value) {
        return value instanceof Literal literal && literal.jsonNumber()
                ? containNumber(literal)
                : terms.contains(value);
    }

    private boolean containNumber(Literal jsonNumber) {
        for (Literal number : numbers) {
            String datatype = declaredDatatype == null ? number.datatype() : declaredDatatype;
            if (jsonNumber.typed(datatype).compare(number) == Order.EQUAL) {
                return true;
            }
        }
        return false;
    }
}
