package org.flinkjobrunner.validator.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
    /** Of the entities; made when first asked for. */
    private InverseIndex inverse;

    /** @param entities by id */
    public MergedGraph(Map<String, EntityDocument> entities, TripleGraph triples) {
        this.entities = entities;
        this.triples = triples;
        entities.values().forEach(this::index);
    }

    private void index(EntityDocument entity) {
        EntityNodes.forEach(entity, node -> {
            for (Term type : ownObjects(node, NgsiLd.RDF_TYPE)) {
                if (type instanceof Iri iri) {
                    byClass.computeIfAbsent(iri.value(), c -> new ArrayList<>()).add(node);
                }
            }
        });
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
    public List<Term> subjects(String predicate, Term object) {
        return TermSet.union(inverse().subjects(predicate, object), triples.subjects(predicate, object));
    }

    @Override
    public Collection<String> predicates(Term subject) {
        Set<String> predicates = new LinkedHashSet<>(triples.predicates(subject));
        if (subject instanceof Attribute attribute) {
            predicates.addAll(EntityNodes.predicates(attribute));
        } else if (subject instanceof StructuredNode node) {
            predicates.addAll(node.properties().keySet());
        } else if (subject instanceof Iri iri && entities.containsKey(iri.value())) {
            predicates.addAll(EntityNodes.predicates(entities.get(iri.value())));
        }
        return predicates;
    }

    private InverseIndex inverse() {
        InverseIndex known = inverse;
        if (known == null) {
            InverseIndex made = new InverseIndex();
            for (EntityDocument entity : entities.values()) {
                EntityNodes.forEach(entity, node -> {
                    for (String predicate : EntityNodes.predicates(entity, node)) {
                        for (Term object : EntityNodes.objects(entity, node, predicate)) {
                            made.add(node, predicate, object);
                        }
                    }
                });
            }
            inverse = made;
            known = made;
        }
        return known;
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

    /** Every subject of the predicate. */
    public Set<Term> subjectsOf(String predicate) {
        Set<Term> subjects = triples.subjectsOf(predicate);
        for (Term object : inverse().objects(predicate)) {
            subjects.addAll(inverse().subjects(predicate, object));
        }
        return subjects;
    }

    /** Every object of the predicate. */
    public Set<Term> objectsOf(String predicate) {
        Set<Term> objects = new LinkedHashSet<>(triples.objectsOf(predicate));
        objects.addAll(inverse().objects(predicate));
        return objects;
    }
}
