package org.flinkjobrunner.validator.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.flinkjobrunner.validator.term.BlankNode;
import org.flinkjobrunner.validator.term.Term;

/**
 * One instance of an attribute, which is at the same time its blank node in RDF. Immutable but for its parent, which the
 * constructor of the owner sets.
 */
public final class Attribute implements BlankNode {
    public static final Attribute[] NONE = {};

    private final String entityId;
    private final String name;
    private final String datasetId;
    private final Kind kind;
    private final List<Term> values;
    private final Metadata metadata;
    private final Attribute[] subAttributes;
    private Attribute parent;
    private List<Term> self;
    private String label;

    /**
     * @param datasetId {@link NgsiLd#NO_DATASET} for the default instance
     * @param values    RDF has a set of them: repeated ones are dropped
     */
    public Attribute(
            String entityId,
            String name,
            String datasetId,
            Kind kind,
            List<Term> values,
            Metadata metadata,
            Attribute... subAttributes) {
        this.entityId = Objects.requireNonNull(entityId);
        this.name = Objects.requireNonNull(name);
        this.datasetId = Objects.requireNonNull(datasetId);
        this.kind = Objects.requireNonNull(kind);
        this.values = TermSet.distinct(values);
        this.metadata = Objects.requireNonNull(metadata);
        this.subAttributes = subAttributes;
        StructuredNode.adopt(this.values, this, kind.predicate());
        for (Attribute subAttribute : subAttributes) {
            subAttribute.parent = this;
        }
    }

    public String entityId() {
        return entityId;
    }

    public String name() {
        return name;
    }

    public String datasetId() {
        return datasetId;
    }

    public Kind kind() {
        return kind;
    }

    public List<Term> values() {
        return values;
    }

    public Metadata metadata() {
        return metadata;
    }

    /** Sorted by name and datasetId; not to be changed. */
    public Attribute[] subAttributes() {
        return subAttributes;
    }

    /** The attribute that this one is a sub-attribute of, or null. */
    public Attribute parent() {
        return parent;
    }

    /** From the entity's attribute down to this one. */
    public List<AttributeKey> path() {
        List<AttributeKey> path = new ArrayList<>(2);
        for (Attribute at = this; at != null; at = at.parent) {
            path.add(new AttributeKey(at.name, at.datasetId));
        }
        Collections.reverse(path);
        return path;
    }

    @Override
    public String label() {
        String known = label;
        if (known == null) {
            known = NodeLabel.of(entityId, path(), List.of());
            label = known;
        }
        return known;
    }

    /** This node alone, as the objects of its name: made once, because every evaluation asks for it. */
    List<Term> self() {
        List<Term> alone = self;
        if (alone == null) {
            alone = List.of(this);
            self = alone;
        }
        return alone;
    }

    @Override
    public String toString() {
        return name + "[" + datasetId + "] of " + entityId;
    }
}
