package org.flinkjobrunner.validator.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** {@code rdfs:subClassOf*}: cycles are fine, and every class is a subclass of itself. */
final class SubClasses {
    private final Map<String, Set<String>> superClasses;

    private SubClasses(Map<String, Set<String>> superClasses) {
        this.superClasses = superClasses;
    }

    /** @param direct class to superclasses, transitive or not */
    static SubClasses closure(Map<String, Set<String>> direct) {
        Map<String, Set<String>> closed = new HashMap<>();
        for (String start : direct.keySet()) {
            Set<String> reached = new LinkedHashSet<>(Set.of(start));
            Deque<String> open = new ArrayDeque<>(reached);
            while (!open.isEmpty()) {
                for (String next : direct.getOrDefault(open.pop(), Set.of())) {
                    if (reached.add(next)) {
                        open.push(next);
                    }
                }
            }
            closed.put(start, reached);
        }
        return new SubClasses(closed);
    }

    Set<String> of(String classIri) {
        Set<String> known = superClasses.get(classIri);
        return known == null ? Set.of(classIri) : known;
    }

    boolean isSubClass(String classIri, String superClass) {
        if (classIri.equals(superClass)) {
            return true;
        }
        Set<String> known = superClasses.get(classIri);
        return known != null && known.contains(superClass);
    }

    /** All classes of which {@code classIri} is a superclass, itself included. */
    Set<String> below(String classIri) {
        Set<String> below = new HashSet<>(Set.of(classIri));
        superClasses.forEach((lower, upper) -> {
            if (upper.contains(classIri)) {
                below.add(lower);
            }
        });
        return below;
    }
}
