package org.flinkjobrunner.validator.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Term;

/** What has been read of an attribute instance so far. */
final class AttributeParts {
    final List<Attribute> subAttributes = new ArrayList<>(0);
    Kind kind;
    Object value;
    String datasetId = NgsiLd.NO_DATASET;
    String observedAt;
    long observedNanos;
    String createdAt;
    String modifiedAt;
    String expiresAt;
    String unitCode;
    List<String> objectTypes = List.of();
    boolean deleted;
    private Meaning valueMeaning;
    private String valueName;

    /** A value without anything around it is a Property's. */
    void bare(Object json) {
        kind = Kind.PROPERTY;
        value = json;
    }

    void geometry(Object json) {
        kind = Kind.GEO;
        value = json;
    }

    void value(Meaning meaning, String name, Object json, Place place) throws RecordRefused {
        if (valueMeaning != null) {
            throw place.refuse("several-values", "there is a value already in " + Excerpt.of(valueName), null);
        }
        valueMeaning = meaning;
        valueName = name;
        value = json;
    }

    boolean hasValue() {
        return valueMeaning != null;
    }

    /** The kind that is stated, else the one that the value's member implies. */
    Kind kind(Place place, Expansion expansion) throws RecordRefused {
        Kind implied = valueMeaning == null ? null : valueMeaning.member().impliedKind();
        if (kind == null && implied == null) {
            throw place.refuse(
                    "missing-value",
                    "an attribute has neither type nor value",
                    "write {\"value\": ...}, or {\"json\": ...} for JSON that is not to be RDF");
        }
        if (kind == null) {
            boolean geometry = implied == Kind.PROPERTY
                    && value instanceof Map
                    && AttributeKinds.isGeometry(Json.object(value), expansion);
            return geometry ? Kind.GEO : implied;
        }
        if (valueMeaning == null && kind != Kind.PROPERTY && kind != Kind.GEO
                || valueMeaning == null && value == null) {
            throw place.refuse("missing-value", "a " + kind.type() + " has no value", null);
        }
        boolean fits = valueMeaning == null || implied == (kind == Kind.GEO ? Kind.PROPERTY : kind);
        if (!fits) {
            throw place.refuse(
                    "invalid-value", "a " + kind.type() + " cannot have its value in " + Excerpt.of(valueName), null);
        }
        return kind;
    }

    /** @param ofAttribute what the attribute's name means, which says how a bare value is to be read */
    List<Term> values(ValueReader reader, Place place, Meaning ofAttribute) throws RecordRefused {
        if (valueMeaning == null) {
            return reader.read(value, kind == Kind.GEO ? Meaning.PLAIN : ofAttribute);
        }
        place.enter(valueName);
        List<Term> terms =
                switch (valueMeaning.member()) {
                    case OBJECT -> resources(reader.read(value, Meaning.PLAIN.withType("@id")), place);
                    case VOCAB -> resources(reader.read(value, Meaning.PLAIN.withType("@vocab")), place);
                    case JSON -> json(reader);
                    case LANGUAGE_MAP -> languageMap(reader, place);
                    case VALUE_LIST -> List.of(reader.list(value, Meaning.PLAIN));
                    case OBJECT_LIST -> List.of(reader.list(value, Meaning.PLAIN.withType("@id")));
                    default -> reader.read(value, valueMeaning);
                };
        place.leave();
        return terms;
    }

    private static List<Term> resources(List<Term> terms, Place place) throws RecordRefused {
        if (terms.isEmpty() || !terms.stream().allMatch(Iri.class::isInstance)) {
            throw place.refuse("invalid-iri", "an IRI is expected", null);
        }
        return terms;
    }

    /** Under a full IRI the value may be expanded JSON-LD; under the term it is JSON whatever it looks like. */
    private List<Term> json(ValueReader reader) throws RecordRefused {
        boolean expanded = valueMeaning.type() == null
                && Plain.several(value).stream()
                        .allMatch(
                                item -> item instanceof Map && Json.object(item).containsKey("@value"));
        return expanded ? reader.read(value, Meaning.PLAIN) : List.of(ValueReader.json(value));
    }

    private List<Term> languageMap(ValueReader reader, Place place) throws RecordRefused {
        if (value instanceof Map && !Json.object(value).containsKey("@value")) {
            List<Term> terms = new ArrayList<>(2);
            reader.languageMap(Json.object(value), terms);
            return terms;
        }
        boolean expanded = Plain.several(value).stream()
                .allMatch(item -> item instanceof Map && Json.object(item).containsKey("@value"));
        if (!expanded) {
            throw place.refuse("invalid-value", "an object of languages and texts is expected", null);
        }
        return reader.read(value, Meaning.PLAIN);
    }

    Metadata metadata() {
        boolean usual = createdAt == null && modifiedAt == null && expiresAt == null && objectTypes.isEmpty();
        return usual
                ? AttributeReader.metadata(observedAt, unitCode)
                : new Metadata(observedAt, createdAt, modifiedAt, null, expiresAt, unitCode, objectTypes);
    }
}
