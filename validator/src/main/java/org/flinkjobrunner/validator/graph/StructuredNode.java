package org.flinkjobrunner.validator.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.term.BlankNode;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Term;

/** A node inside a value: a JSON object, a GeoJSON geometry, or a cell of an {@code rdf:List}. */
public final class StructuredNode implements BlankNode {
    private static final Iri NIL = new Iri(NgsiLd.RDF_NIL);

    private final Map<String, List<Term>> properties;
    /** An {@link Attribute} or a {@link StructuredNode}; set by the owner's constructor. */
    private BlankNode owner;

    private String step = "";

    /** @param properties predicate IRI to objects; structured nodes among these belong to this one alone */
    public StructuredNode(Map<String, List<Term>> properties) {
        Map<String, List<Term>> sets = new HashMap<>(properties.size() * 2);
        properties.forEach((predicate, objects) -> {
            List<Term> set = TermSet.distinct(objects);
            sets.put(predicate, set);
            adopt(set, this, predicate);
        });
        this.properties = sets;
    }

    /** An {@code rdf:List} of the items, order and duplicates kept: its first cell, or {@code rdf:nil}. */
    public static Term list(List<Term> items) {
        Term list = NIL;
        for (int i = items.size() - 1; i >= 0; i--) {
            list = new StructuredNode(Map.of(NgsiLd.RDF_FIRST, List.of(items.get(i)), NgsiLd.RDF_REST, List.of(list)));
        }
        return list;
    }

    static void adopt(List<Term> terms, BlankNode owner, String predicate) {
        for (int i = 0; i < terms.size(); i++) {
            if (terms.get(i) instanceof StructuredNode node) {
                node.owner = owner;
                node.step = predicate + ' ' + i;
            }
        }
    }

    public Map<String, List<Term>> properties() {
        return properties;
    }

    /** The attribute in whose value this node is; null until the attribute has been made. */
    public Attribute attribute() {
        BlankNode at = owner;
        while (at instanceof StructuredNode node) {
            at = node.owner;
        }
        return (Attribute) at;
    }

    @Override
    public String label() {
        List<String> steps = new ArrayList<>();
        BlankNode at = this;
        while (at instanceof StructuredNode node) {
            steps.add(node.step);
            at = node.owner;
        }
        Collections.reverse(steps);
        Attribute attribute = (Attribute) at;
        return NodeLabel.of(attribute.entityId(), attribute.path(), steps);
    }

    @Override
    public String toString() {
        return properties.toString();
    }
}
