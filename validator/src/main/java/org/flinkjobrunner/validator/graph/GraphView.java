package org.flinkjobrunner.validator.graph;

import java.util.Collection;
import java.util.List;
import org.flinkjobrunner.validator.term.Term;

/** The data graph as a shape sees it. */
public interface GraphView {
    /** The objects of (subject, predicate): a set, so without duplicates. */
    List<Term> objects(Term subject, String predicate);

    /** The subjects of (predicate, object): a set, so without duplicates. */
    List<Term> subjects(String predicate, Term object);

    /** The predicates of all triples with this subject: a set, so without duplicates. */
    Collection<String> predicates(Term subject);

    /** Whether the node has the class or a subclass of it as {@code rdf:type}. */
    boolean isInstance(Term node, String classIri);
}
