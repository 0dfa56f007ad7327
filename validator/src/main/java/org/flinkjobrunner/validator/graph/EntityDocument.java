package org.flinkjobrunner.validator.graph;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Term;

/** One entity as it stands: its types and its attribute instances. Immutable. */
public final class EntityDocument {
    static final Comparator<Attribute> ORDER =
            Comparator.comparing(Attribute::name).thenComparing(Attribute::datasetId);

    private final String id;
    private final Iri iri;
    private final String[] types;
    private final Attribute[] attributes;
    private final List<String> scope;
    private List<Term> typeTerms;
    /** Whether all attributes have different names; null until it is asked for. */
    private Boolean distinct;

    /** Takes the arrays as its own, and sorts the attributes by name and datasetId. */
    public EntityDocument(String id, String[] types, Attribute[] attributes, List<String> scope) {
        this(id, types, scope, attributes);
        Arrays.sort(attributes, ORDER);
    }

    private EntityDocument(String id, String[] types, List<String> scope, Attribute[] attributes) {
        this(id, new Iri(id), types, scope, attributes);
    }

    private EntityDocument(String id, Iri iri, String[] types, List<String> scope, Attribute[] attributes) {
        this.id = Objects.requireNonNull(id);
        this.iri = iri;
        this.types = types;
        this.attributes = attributes;
        this.scope = scope;
    }

    /** For attributes that are known to be in order already. */
    public static EntityDocument ofSorted(String id, String[] types, Attribute[] attributes, List<String> scope) {
        return new EntityDocument(id, types, scope, attributes);
    }

    /** The entity with other attributes, of the same names and datasetIds at the same places. */
    public EntityDocument withSame(Attribute[] others) {
        EntityDocument next = new EntityDocument(id, iri, types, scope, others);
        next.typeTerms = typeTerms;
        next.distinct = distinct;
        return next;
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

    boolean hasDistinctNames() {
        Boolean known = distinct;
        if (known == null) {
            known = true;
            for (int i = 1; i < attributes.length; i++) {
                known &= !attributes[i].name().equals(attributes[i - 1].name());
            }
            distinct = known;
        }
        return known;
    }

    List<Term> typeTerms() {
        List<Term> terms = typeTerms;
        if (terms == null) {
            terms = Arrays.stream(types).distinct().<Term>map(Iri::new).toList();
            typeTerms = terms;
        }
        return terms;
    }
}
