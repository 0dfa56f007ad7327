package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/**
 * Whether two attributes say the same to every shape: stricter than the equality of terms, for which 1 and 1.0 are one
 * JSON number.
 */
final class Contents {
    private Contents() {}

    /** Both may be null. */
    static boolean same(Attribute one, Attribute other) {
        if (one == other) {
            return true;
        }
        return one != null
                && other != null
                && one.kind() == other.kind()
                && one.metadata().equals(other.metadata())
                && same(one.values(), other.values())
                && same(one.subAttributes(), other.subAttributes());
    }

    private static boolean same(Attribute[] some, Attribute[] others) {
        if (some.length != others.length) {
            return false;
        }
        for (int i = 0; i < some.length; i++) {
            if (!some[i].name().equals(others[i].name())
                    || !some[i].datasetId().equals(others[i].datasetId())
                    || !same(some[i], others[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(List<Term> some, List<Term> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!same(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(Term one, Term other) {
        Term some = one;
        Term others = other;
        while (some instanceof StructuredNode cell
                && others instanceof StructuredNode second
                && Lists.isCell(cell)
                && Lists.isCell(second)) {
            if (!same(Lists.first(cell), Lists.first(second))) {
                return false;
            }
            some = Lists.rest(cell);
            others = Lists.rest(second);
        }
        return sameNode(some, others);
    }

    private static boolean sameNode(Term one, Term other) {
        if (one instanceof Literal literal && other instanceof Literal second) {
            return literal.jsonNumber() == second.jsonNumber()
                    && literal.lexical().equals(second.lexical())
                    && literal.datatype().equals(second.datatype())
                    && Objects.equals(literal.language(), second.language());
        }
        return one instanceof StructuredNode node && other instanceof StructuredNode second
                ? same(node.properties(), second.properties())
                : one.equals(other);
    }

    private static boolean same(Map<String, List<Term>> some, Map<String, List<Term>> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (Map.Entry<String, List<Term>> property : some.entrySet()) {
            List<Term> second = others.get(property.getKey());
            if (second == null || !same(property.getValue(), second)) {
                return false;
            }
        }
        return true;
    }
}
