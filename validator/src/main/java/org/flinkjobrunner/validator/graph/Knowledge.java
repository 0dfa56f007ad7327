package org.flinkjobrunner.validator.graph;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.term.Term;

/** The background triples of a program, with the closure of {@code rdfs:subClassOf}. */
public final class Knowledge implements GraphView {
    private final Map<String, Set<String>> superClasses;
    private final List<Triple> triples;
    private final TripleGraph graph;

    /** @param superClasses class to itself and all its superclasses */
    public Knowledge(Map<String, Set<String>> superClasses, Collection<Triple> triples) {
        this.superClasses = superClasses;
        this.triples = List.copyOf(triples);
        TripleGraph.Builder builder = new TripleGraph.Builder().addAll(this.triples);
        superClasses.forEach(builder::subClass);
        this.graph = builder.build();
    }

    public static Knowledge empty() {
        return new Knowledge(Map.of(), List.of());
    }

    public List<Triple> triples() {
        return triples;
    }

    /** The classes that are known, each with itself and all its superclasses. */
    public Map<String, Set<String>> superClasses() {
        return superClasses;
    }

    /** The class itself and all its superclasses. */
    public Set<String> superClasses(String classIri) {
        return graph.superClasses(classIri);
    }

    public boolean isSubClass(String classIri, String superClass) {
        return graph.isSubClass(classIri, superClass);
    }

    boolean mentions(Term node) {
        return graph.hasSubject(node);
    }

    @Override
    public List<Term> objects(Term subject, String predicate) {
        return graph.objects(subject, predicate);
    }

    @Override
    public List<Term> subjects(String predicate, Term object) {
        return graph.subjects(predicate, object);
    }

    @Override
    public Collection<String> predicates(Term subject) {
        return graph.predicates(subject);
    }

    @Override
    public boolean isInstance(Term node, String classIri) {
        return graph.isInstance(node, classIri);
    }
}
