package org.flinkjobrunner.validator.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.term.Term;

/** Triples by predicate and object; each triple is to be added once. */
final class InverseIndex {
    private final Map<String, Map<Term, List<Term>>> byPredicate = new HashMap<>();

    void add(Term subject, String predicate, Term object) {
        byPredicate
                .computeIfAbsent(predicate, p -> new HashMap<>())
                .computeIfAbsent(object, o -> new ArrayList<>(1))
                .add(subject);
    }

    List<Term> subjects(String predicate, Term object) {
        return byPredicate.getOrDefault(predicate, Map.of()).getOrDefault(object, List.of());
    }

    Set<Term> objects(String predicate) {
        return byPredicate.getOrDefault(predicate, Map.of()).keySet();
    }
}
