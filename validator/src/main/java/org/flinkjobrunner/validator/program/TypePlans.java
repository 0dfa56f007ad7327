package org.flinkjobrunner.validator.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.flinkjobrunner.validator.graph.Knowledge;
import org.flinkjobrunner.validator.shapes.Unit;

/** The plans of a program, made once per set of types. */
final class TypePlans {
    private static final TypePlan EMPTY = new TypePlan(new Unit[0], new Unit[0], new Unit[0], Map.of());
    /** Types come from the data: whoever sends ever new sets of them must not fill the memory. */
    private static final int MAX_SETS = 10_000;

    private final Map<String, List<IndexedUnit>> byTarget = new HashMap<>();
    private final Knowledge knowledge;
    /** Only types that some shape targets, directly or through a superclass: all others concern nothing. */
    private final Map<String, TypePlan> single = new HashMap<>();

    private final Map<String, TypePlan> several = new ConcurrentHashMap<>();

    /** @param units in the order of their keys */
    TypePlans(List<IndexedUnit> units, Knowledge knowledge) {
        this.knowledge = knowledge;
        for (IndexedUnit indexed : units) {
            if (!indexed.unit().root().targets().areClasses()) {
                continue; // see Program.otherUnits
            }
            for (String target : indexed.unit().root().targets().classes()) {
                byTarget.computeIfAbsent(target, t -> new ArrayList<>()).add(indexed);
            }
        }
        TreeSet<String> types = new TreeSet<>(knowledge.superClasses().keySet());
        types.addAll(byTarget.keySet());
        for (String type : types) {
            TypePlan plan = make(List.of(type));
            if (plan.units().length > 0) {
                single.put(type, plan);
            }
        }
    }

    TypePlan of(String[] types) {
        if (types.length == 1) {
            return single.getOrDefault(types[0], EMPTY);
        }
        TreeSet<String> concerned = new TreeSet<>();
        for (String type : types) {
            if (single.containsKey(type)) {
                concerned.add(type);
            }
        }
        return concerned.isEmpty()
                ? EMPTY
                : concerned.size() == 1 ? single.get(concerned.first()) : ofSeveral(concerned);
    }

    private TypePlan ofSeveral(TreeSet<String> types) {
        if (several.size() >= MAX_SETS) {
            several.clear();
        }
        return several.computeIfAbsent(String.join(" ", types), key -> make(List.copyOf(types)));
    }

    private TypePlan make(List<String> types) {
        SortedMap<String, IndexedUnit> byKey = new TreeMap<>();
        for (String type : types) {
            for (String target : knowledge.superClasses(type)) {
                for (IndexedUnit indexed : byTarget.getOrDefault(target, List.of())) {
                    byKey.put(indexed.unit().key(), indexed);
                }
            }
        }
        List<IndexedUnit> concerned = List.copyOf(byKey.values());
        Set<String> attributes = new HashSet<>();
        concerned.forEach(indexed -> attributes.addAll(indexed.attributes()));
        return new TypePlan(
                select(concerned, indexed -> true),
                select(concerned, IndexedUnit::readsTypes),
                select(concerned, IndexedUnit::readsAllAttributes),
                index(concerned, attributes));
    }

    private static Map<String, Unit[]> index(List<IndexedUnit> units, Set<String> attributes) {
        Map<String, List<Unit>> byAttribute = new HashMap<>();
        for (IndexedUnit indexed : units) {
            for (String attribute : indexed.readsAllAttributes() ? attributes : indexed.attributes()) {
                byAttribute.computeIfAbsent(attribute, a -> new ArrayList<>()).add(indexed.unit());
            }
        }
        Map<String, Unit[]> index = new HashMap<>();
        byAttribute.forEach((attribute, affected) -> index.put(attribute, affected.toArray(Unit[]::new)));
        return Map.copyOf(index);
    }

    private static Unit[] select(List<IndexedUnit> units, Predicate<IndexedUnit> which) {
        return units.stream().filter(which).map(IndexedUnit::unit).toArray(Unit[]::new);
    }
}
