package org.flinkjobrunner.validator.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** Many entities and plain triples as one data graph. */
public final class MergedGraph implements GraphView {
    private final Map<String, EntityDocument> entities;
    private final TripleGraph triples;
    private final Map<String, List<Term>> byClass = new HashMap<>();

    /** @param entities by id */
    public MergedGraph(Map<String, EntityDocument> entities, TripleGraph triples) {
        this.entities = entities;
        this.triples = triples;
        entities.values().forEach(this::index);
    }

    private void index(EntityDocument entity) {
        Deque<Term> open = new ArrayDeque<>(List.of(entity.iri()));
        open.addAll(Arrays.asList(entity.attributes()));
        while (!open.isEmpty()) {
            Term node = open.pop();
            for (Term type : ownObjects(node, NgsiLd.RDF_TYPE)) {
                if (type instanceof Iri iri) {
                    byClass.computeIfAbsent(iri.value(), c -> new ArrayList<>()).add(node);
                }
            }
            if (node instanceof Attribute attribute) {
                open.addAll(Arrays.asList(attribute.subAttributes()));
                pushNodes(attribute.values(), open);
            } else if (node instanceof StructuredNode structured) {
                structured.properties().values().forEach(objects -> pushNodes(objects, open));
            }
        }
    }

    private static void pushNodes(List<Term> terms, Deque<Term> open) {
        for (Term term : terms) {
            if (term instanceof StructuredNode) {
                open.push(term);
            }
        }
    }

    @Override
    public List<Term> objects(Term subject, String predicate) {
        return TermSet.union(ownObjects(subject, predicate), triples.objects(subject, predicate));
    }

    private List<Term> ownObjects(Term subject, String predicate) {
        if (subject instanceof Attribute attribute) {
            return Nodes.objects(attribute, predicate);
        }
        if (subject instanceof StructuredNode node) {
            return Nodes.objects(node, predicate);
        }
        EntityDocument entity = subject instanceof Iri iri ? entities.get(iri.value()) : null;
        return entity == null ? List.of() : Nodes.objects(entity, predicate);
    }

    @Override
    public boolean isInstance(Term node, String classIri) {
        for (Term type : ownObjects(node, NgsiLd.RDF_TYPE)) {
            if (type instanceof Iri iri && triples.isSubClass(iri.value(), classIri)) {
                return true;
            }
        }
        return !(node instanceof Literal) && triples.isInstance(node, classIri);
    }

    /** The ids of the NGSI-LD entities. */
    public Set<String> entityIds() {
        return entities.keySet();
    }

    /** Every node with the class or a subclass of it as type. */
    public Set<Term> instances(String classIri) {
        Set<Term> instances = triples.instances(classIri);
        for (String type : triples.subClasses(classIri)) {
            instances.addAll(byClass.getOrDefault(type, List.of()));
        }
        return instances;
    }
}
