package org.flinkjobrunner.validator.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.term.Term;

/** Objects of one predicate are a set; a list keeps their order and is cheap to walk. */
final class TermSet {
    private TermSet() {}

    static List<Term> distinct(List<Term> terms) {
        if (terms.size() < 2) {
            return terms;
        }
        Set<Term> distinct = new LinkedHashSet<>(terms);
        return distinct.size() == terms.size() ? terms : List.copyOf(distinct);
    }

    static List<Term> union(List<Term> left, List<Term> right) {
        if (right.isEmpty()) {
            return left;
        }
        if (left.isEmpty()) {
            return right;
        }
        List<Term> all = new ArrayList<>(left);
        all.addAll(right);
        return distinct(all);
    }
}
