package org.flinkjobrunner.validator.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.flinkjobrunner.validator.term.Term;

/** All nodes and predicates of an entity: for the few shapes that do not name what they read. */
public final class EntityNodes {
    private static final List<String> METADATA = List.of(
            NgsiLd.RDF_TYPE,
            NgsiLd.OBSERVED_AT,
            NgsiLd.CREATED_AT,
            NgsiLd.MODIFIED_AT,
            NgsiLd.DELETED_AT,
            NgsiLd.EXPIRES_AT,
            NgsiLd.UNIT_CODE,
            NgsiLd.DATASET_ID,
            NgsiLd.HAS_OBJECT_TYPE);

    private EntityNodes() {}

    /** The entity, its attributes and sub-attributes, and the nodes inside of their values. */
    public static void forEach(EntityDocument entity, Consumer<Term> action) {
        action.accept(entity.iri());
        Deque<Term> open = new ArrayDeque<>(Arrays.asList(entity.attributes()));
        while (!open.isEmpty()) {
            Term node = open.pop();
            action.accept(node);
            if (node instanceof Attribute attribute) {
                open.addAll(Arrays.asList(attribute.subAttributes()));
                push(attribute.values(), open);
            } else if (node instanceof StructuredNode structured) {
                structured.properties().values().forEach(objects -> push(objects, open));
            }
        }
    }

    private static void push(List<Term> terms, Deque<Term> open) {
        for (Term term : terms) {
            if (term instanceof StructuredNode) {
                open.push(term);
            }
        }
    }

    static Set<String> predicates(EntityDocument entity) {
        Set<String> predicates = new LinkedHashSet<>();
        if (entity.types().length > 0) {
            predicates.add(NgsiLd.RDF_TYPE);
        }
        if (!entity.scope().isEmpty()) {
            predicates.add(NgsiLd.SCOPE);
        }
        for (Attribute attribute : entity.attributes()) {
            predicates.add(attribute.name());
        }
        return predicates;
    }

    static Set<String> predicates(Attribute attribute) {
        Set<String> predicates = new LinkedHashSet<>();
        if (!attribute.values().isEmpty()) {
            predicates.add(attribute.kind().predicate());
        }
        for (String name : METADATA) {
            if (!Nodes.objects(attribute, name).isEmpty()) {
                predicates.add(name);
            }
        }
        for (Attribute subAttribute : attribute.subAttributes()) {
            predicates.add(subAttribute.name());
        }
        return predicates;
    }

    /** The nodes of the entity with this object of the predicate. */
    static List<Term> subjects(EntityDocument entity, String predicate, Term object) {
        List<Term> subjects = new ArrayList<>();
        forEach(entity, node -> {
            if (objects(entity, node, predicate).contains(object)) {
                subjects.add(node);
            }
        });
        return subjects;
    }

    /** @param node one of the entity's */
    static List<Term> objects(EntityDocument entity, Term node, String predicate) {
        if (node instanceof Attribute attribute) {
            return Nodes.objects(attribute, predicate);
        }
        return node instanceof StructuredNode structured
                ? Nodes.objects(structured, predicate)
                : Nodes.objects(entity, predicate);
    }

    /** @param node one of the entity's */
    static Set<String> predicates(EntityDocument entity, Term node) {
        if (node instanceof Attribute attribute) {
            return predicates(attribute);
        }
        return node instanceof StructuredNode structured
                ? structured.properties().keySet()
                : predicates(entity);
    }
}
