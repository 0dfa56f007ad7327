package org.flinkjobrunner.validator.graph;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** One entity and the knowledge as a data graph; where both speak of one IRI, their triples merge. */
public final class EntityView implements GraphView {
    private final EntityDocument entity;
    private final Knowledge knowledge;
    private final boolean known;

    public EntityView(EntityDocument entity, Knowledge knowledge) {
        this.entity = Objects.requireNonNull(entity);
        this.knowledge = Objects.requireNonNull(knowledge);
        this.known = knowledge.mentions(entity.iri());
    }

    public EntityDocument entity() {
        return entity;
    }

    @Override
    public List<Term> objects(Term subject, String predicate) {
        if (subject instanceof Attribute attribute) {
            return Nodes.objects(attribute, predicate);
        }
        if (subject instanceof StructuredNode node) {
            return Nodes.objects(node, predicate);
        }
        if (isEntity(subject)) {
            List<Term> own = Nodes.objects(entity, predicate);
            return known ? TermSet.union(own, knowledge.objects(subject, predicate)) : own;
        }
        return knowledge.objects(subject, predicate);
    }

    @Override
    public List<Term> subjects(String predicate, Term object) {
        return TermSet.union(EntityNodes.subjects(entity, predicate, object), knowledge.subjects(predicate, object));
    }

    @Override
    public Collection<String> predicates(Term subject) {
        if (subject instanceof Attribute attribute) {
            return EntityNodes.predicates(attribute);
        }
        if (subject instanceof StructuredNode node) {
            return node.properties().keySet();
        }
        if (!isEntity(subject)) {
            return knowledge.predicates(subject);
        }
        Set<String> predicates = EntityNodes.predicates(entity);
        if (known) {
            predicates.addAll(knowledge.predicates(subject));
        }
        return predicates;
    }

    @Override
    public boolean isInstance(Term node, String classIri) {
        if (node instanceof Literal) {
            return false;
        }
        if (node instanceof Attribute attribute) {
            return knowledge.isSubClass(attribute.kind().typeIri(), classIri);
        }
        if (node instanceof StructuredNode structured) {
            return anySubClass(Nodes.objects(structured, NgsiLd.RDF_TYPE), classIri);
        }
        return isEntity(node) && anySubClass(entity.typeTerms(), classIri) || knowledge.isInstance(node, classIri);
    }

    private boolean isEntity(Term node) {
        return node == entity.iri() || entity.iri().equals(node);
    }

    private boolean anySubClass(List<Term> types, String classIri) {
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) instanceof Iri type && knowledge.isSubClass(type.value(), classIri)) {
                return true;
            }
        }
        return false;
    }
}
