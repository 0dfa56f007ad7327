package org.flinkjobrunner.validator.graph;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.term.Term;

/** The background triples of a program, with the closure of {@code rdfs:subClassOf}. */
public final class Knowledge implements GraphView {
    /** One triple of the knowledge. */
    public record Triple(Term subject, String predicate, Term object) {}

    private final Map<String, Set<String>> superClasses;
    private final List<Triple> triples;

    /** @param superClasses class to itself and all its superclasses */
    public Knowledge(Map<String, Set<String>> superClasses, Collection<Triple> triples) {
        this.superClasses = superClasses;
        this.triples = List.copyOf(triples);
    }

    public static Knowledge empty() {
        return new Knowledge(Map.of(), List.of());
    }

    public List<Triple> triples() {
        return triples;
    }

    /** The class itself and all its superclasses. */
    public Set<String> superClasses(String classIri) {
        Set<String> known = superClasses.get(classIri);
        return known == null ? Set.of(classIri) : known;
    }

    @Override
    public List<Term> objects(Term subject, String predicate) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isInstance(Term node, String classIri) {
        throw new UnsupportedOperationException();
    }
}
