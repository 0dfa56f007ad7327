package org.flinkjobrunner.validator.graph;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Term;

/** One entity as it stands: its types and its attribute instances. Immutable; for one thread. */
public final class EntityDocument {
    static final Comparator<Attribute> ORDER =
            Comparator.comparing(Attribute::name).thenComparing(Attribute::datasetId);

    private final String id;
    private final Iri iri;
    private final String[] types;
    private final List<String> scope;
    /** Where there is no source they are all there; else each is made once, for it is a node. */
    private final Attribute[] attributes;

    private final AttributeSource source;
    private List<Term> typeTerms;

    /** Takes the arrays as its own, and sorts the attributes by name and datasetId. */
    public EntityDocument(String id, String[] types, Attribute[] attributes, List<String> scope) {
        this(id, types, scope, attributes, null);
        Arrays.sort(attributes, ORDER);
    }

    private EntityDocument(
            String id, String[] types, List<String> scope, Attribute[] attributes, AttributeSource source) {
        this.id = Objects.requireNonNull(id);
        this.iri = new Iri(id);
        this.types = types;
        this.scope = scope;
        this.attributes = attributes;
        this.source = source;
    }

    /** For attributes that are known to be in order already. */
    public static EntityDocument ofSorted(String id, String[] types, Attribute[] attributes, List<String> scope) {
        return new EntityDocument(id, types, scope, attributes, null);
    }

    public static EntityDocument ofSource(String id, String[] types, AttributeSource source, List<String> scope) {
        return new EntityDocument(id, types, scope, new Attribute[source.size()], source);
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

    /** Sorted by name and datasetId; not to be changed. Where one is enough, {@link #attribute} is cheaper. */
    public Attribute[] attributes() {
        for (int i = 0; source != null && i < attributes.length; i++) {
            attribute(i);
        }
        return attributes;
    }

    public int size() {
        return attributes.length;
    }

    public String name(int place) {
        return source == null ? attributes[place].name() : source.name(place);
    }

    public Attribute attribute(int place) {
        Attribute attribute = attributes[place];
        if (attribute == null) {
            attribute = source.attribute(place);
            attributes[place] = attribute;
        }
        return attribute;
    }

    public List<String> scope() {
        return scope;
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
