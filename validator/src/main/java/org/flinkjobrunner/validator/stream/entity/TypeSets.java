package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The types of entities, one array for all entities of the same types: it is looked at for every update. */
final class TypeSets {
    private static final int MOST_KEPT = 1 << 12;
    private static final Map<List<String>, String[]> KEPT = new ConcurrentHashMap<>();

    private TypeSets() {}

    /** @param types sorted */
    static String[] shared(String... types) {
        List<String> key = List.of(types);
        String[] known = KEPT.get(key);
        if (known == null && KEPT.size() < MOST_KEPT) {
            known = KEPT.computeIfAbsent(key, all -> types);
        }
        return known == null ? types : known;
    }
}
