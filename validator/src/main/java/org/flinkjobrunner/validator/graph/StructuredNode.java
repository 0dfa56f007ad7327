package org.flinkjobrunner.validator.graph;

import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.term.BlankNode;
import org.flinkjobrunner.validator.term.Term;

/** A node inside a value: a JSON object, a GeoJSON geometry, or a cell of an {@code rdf:List}. */
public final class StructuredNode implements BlankNode {
    private final Map<String, List<Term>> properties;
    private Attribute attribute;
    private String position = "";

    /** @param properties predicate IRI to objects (a set each); the terms may be further structured nodes of this one only */
    public StructuredNode(Map<String, List<Term>> properties) {
        this.properties = properties;
    }

    /** An {@code rdf:List} of the items, order and duplicates kept: its first cell, or {@code rdf:nil}. */
    public static Term list(List<Term> items) {
        throw new UnsupportedOperationException(items.toString());
    }

    public Map<String, List<Term>> properties() {
        return properties;
    }

    /** The attribute in whose value this node is; null until the attribute has been made. */
    public Attribute attribute() {
        return attribute;
    }

    void attach(Attribute owner, String at) {
        attribute = owner;
        position = at;
    }

    @Override
    public String label() {
        throw new UnsupportedOperationException(position);
    }
}
