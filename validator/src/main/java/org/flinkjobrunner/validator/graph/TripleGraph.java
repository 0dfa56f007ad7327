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
import org.flinkjobrunner.validator.term.NamedBlankNode;
import org.flinkjobrunner.validator.term.Term;

/** Plain triples in memory, indexed by subject. */
public final class TripleGraph implements GraphView {
    private final Map<Term, Map<String, List<Term>>> bySubject;
    private final Map<String, List<Term>> byClass;
    private final SubClasses subClasses;
    /** Made when first asked for; a race between threads only makes it twice. */
    private volatile InverseIndex inverse;

    private TripleGraph(
            Map<Term, Map<String, List<Term>>> bySubject, Map<String, List<Term>> byClass, SubClasses subClasses) {
        this.bySubject = bySubject;
        this.byClass = byClass;
        this.subClasses = subClasses;
    }

    @Override
    public List<Term> objects(Term subject, String predicate) {
        Map<String, List<Term>> properties = bySubject.get(subject);
        return properties == null ? List.of() : properties.getOrDefault(predicate, List.of());
    }

    @Override
    public List<Term> subjects(String predicate, Term object) {
        return inverse().subjects(predicate, object);
    }

    @Override
    public Collection<String> predicates(Term subject) {
        return bySubject.getOrDefault(subject, Map.of()).keySet();
    }

    /** Every object of the predicate. */
    Set<Term> objectsOf(String predicate) {
        return inverse().objects(predicate);
    }

    /** Every subject of the predicate. */
    Set<Term> subjectsOf(String predicate) {
        Set<Term> subjects = new LinkedHashSet<>();
        for (Term object : objectsOf(predicate)) {
            subjects.addAll(subjects(predicate, object));
        }
        return subjects;
    }

    private InverseIndex inverse() {
        InverseIndex known = inverse;
        if (known == null) {
            InverseIndex made = new InverseIndex();
            bySubject.forEach((subject, properties) -> properties.forEach(
                    (predicate, objects) -> objects.forEach(object -> made.add(subject, predicate, object))));
            inverse = made;
            known = made;
        }
        return known;
    }

    @Override
    public boolean isInstance(Term node, String classIri) {
        for (Term type : objects(node, NgsiLd.RDF_TYPE)) {
            if (subClasses.isSubClass(key(type), classIri)) {
                return true;
            }
        }
        return false;
    }

    public boolean isSubClass(String classIri, String superClass) {
        return subClasses.isSubClass(classIri, superClass);
    }

    /** The class itself and all its subclasses. */
    Set<String> subClasses(String classIri) {
        return subClasses.below(classIri);
    }

    boolean hasSubject(Term node) {
        return bySubject.containsKey(node);
    }

    /** The class itself and all its superclasses. */
    Set<String> superClasses(String classIri) {
        return subClasses.of(classIri);
    }

    /** Every node with the class or a subclass of it as type. */
    public Set<Term> instances(String classIri) {
        Set<Term> instances = new LinkedHashSet<>();
        for (String type : subClasses.below(classIri)) {
            instances.addAll(byClass.getOrDefault(type, List.of()));
        }
        return instances;
    }

    /** Classes are mostly IRIs, but a class may be a blank node between two of them. */
    private static String key(Term type) {
        return type instanceof Iri iri ? iri.value() : type.toString();
    }

    /** Gathers triples; repeated ones count once. */
    public static final class Builder {
        private final Map<Term, Map<String, List<Term>>> bySubject = new HashMap<>();
        private final Map<String, Set<String>> direct = new HashMap<>();

        public Builder add(Term subject, String predicate, Term object) {
            bySubject
                    .computeIfAbsent(subject, s -> new HashMap<>(4))
                    .computeIfAbsent(predicate, p -> new ArrayList<>(1))
                    .add(object);
            if (predicate.equals(NgsiLd.RDFS_SUB_CLASS_OF) && !(object instanceof Literal)) {
                subClass(key(subject), Set.of(key(object)));
            }
            return this;
        }

        public Builder addAll(Iterable<Triple> triples) {
            triples.forEach(triple -> add(triple.subject(), triple.predicate(), triple.object()));
            return this;
        }

        /** What is known of a class besides the triples. */
        public Builder subClass(String classIri, Set<String> superClasses) {
            direct.computeIfAbsent(classIri, c -> new LinkedHashSet<>()).addAll(superClasses);
            return this;
        }

        public TripleGraph build() {
            Map<String, List<Term>> byClass = new HashMap<>();
            bySubject.forEach((subject, properties) -> {
                properties.replaceAll((predicate, objects) -> List.copyOf(TermSet.distinct(objects)));
                for (Term type : properties.getOrDefault(NgsiLd.RDF_TYPE, List.of())) {
                    byClass.computeIfAbsent(key(type), c -> new ArrayList<>()).add(subject);
                }
            });
            return new TripleGraph(bySubject, byClass, SubClasses.closure(direct));
        }
    }

    /** The term of a subject in the text form of programs: an IRI, or {@code _:label}. */
    public static Term subject(String text) {
        return text.startsWith("_:") ? new NamedBlankNode(text) : new Iri(text);
    }
}
