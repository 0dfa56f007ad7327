package org.flinkjobrunner.validator.graph;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.flinkjobrunner.validator.term.Iri;

/** One entity as it stands: its types and its attribute instances. Immutable. */
public final class EntityDocument {
    static final Comparator<Attribute> ORDER =
            Comparator.comparing(Attribute::name).thenComparing(Attribute::datasetId);

    private final String id;
    private final Iri iri;
    private final String[] types;
    private final Attribute[] attributes;
    private final List<String> scope;

    /** Takes the arrays as its own, and sorts the attributes by name and datasetId. */
    public EntityDocument(String id, String[] types, Attribute[] attributes, List<String> scope) {
        this.id = Objects.requireNonNull(id);
        this.iri = new Iri(id);
        this.types = types;
        this.attributes = attributes;
        this.scope = scope;
        Arrays.sort(attributes, ORDER);
    }

    public String id() {
        return id;
    }

    /** The entity as a focus node. */
    public Iri iri() {
        return iri;
    }

    /** Not to be changed. */
    public String[] types() {
        return types;
    }

    /** Sorted by name and datasetId; not to be changed. */
    public Attribute[] attributes() {
        return attributes;
    }

    public List<String> scope() {
        return scope;
    }
}
