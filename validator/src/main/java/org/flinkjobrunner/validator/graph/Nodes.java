package org.flinkjobrunner.validator.graph;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** The triples of NGSI-LD entities, attributes and values, made when they are asked for. */
final class Nodes {
    private static final Map<Kind, List<Term>> KIND_TYPES = new EnumMap<>(Kind.class);

    static {
        for (Kind kind : Kind.values()) {
            KIND_TYPES.put(kind, List.of(new Iri(kind.typeIri())));
        }
    }

    /** Where a name was found last, by a hash of it: entities of one type have the same attributes in the same places. */
    private static final byte[] PLACES = new byte[1 << 10];

    private Nodes() {}

    static List<Term> objects(EntityDocument entity, String predicate) {
        int first = first(entity, predicate);
        if (first >= 0) {
            return isName(entity, first + 1, predicate)
                    ? several(entity, first)
                    : entity.attribute(first).self();
        }
        return switch (predicate) {
            case NgsiLd.RDF_TYPE -> entity.typeTerms();
            case NgsiLd.SCOPE -> TermSet.distinct(strings(entity.scope()));
            default -> List.of();
        };
    }

    /** The attributes are sorted by name, so that instances of one name stand together. */
    private static int first(EntityDocument entity, String name) {
        int hash = name.hashCode() & PLACES.length - 1;
        int guess = PLACES[hash]; // written by several threads: whatever it is, it is only a guess
        if (isName(entity, guess, name) && !isName(entity, guess - 1, name)) {
            return guess;
        }
        for (int i = 0; i < entity.size(); i++) {
            if (entity.name(i).equals(name)) {
                PLACES[hash] = (byte) Math.min(i, Byte.MAX_VALUE);
                return i;
            }
        }
        return -1;
    }

    private static boolean isName(EntityDocument entity, int place, String name) {
        return place >= 0 && place < entity.size() && entity.name(place).equals(name);
    }

    private static List<Term> several(EntityDocument entity, int first) {
        List<Term> instances = new ArrayList<>(4);
        String name = entity.name(first);
        for (int i = first; isName(entity, i, name); i++) {
            instances.add(entity.attribute(i));
        }
        return instances;
    }

    static List<Term> objects(Attribute attribute, String predicate) {
        if (predicate.equals(attribute.kind().predicate())) {
            return attribute.values();
        }
        List<Term> instances = instances(attribute.subAttributes(), predicate);
        return instances.isEmpty() ? metadata(attribute, predicate) : instances;
    }

    static List<Term> objects(StructuredNode node, String predicate) {
        List<Term> objects = node.properties().get(predicate);
        return objects == null ? List.of() : objects;
    }

    private static List<Term> instances(Attribute[] attributes, String name) {
        for (int i = 0; i < attributes.length; i++) {
            if (attributes[i].name().equals(name)) {
                boolean alone =
                        i + 1 == attributes.length || !attributes[i + 1].name().equals(name);
                return alone ? attributes[i].self() : several(attributes, i);
            }
        }
        return List.of();
    }

    private static List<Term> several(Attribute[] attributes, int first) {
        List<Term> instances = new ArrayList<>(4);
        String name = attributes[first].name();
        for (int i = first; i < attributes.length && attributes[i].name().equals(name); i++) {
            instances.add(attributes[i]);
        }
        return instances;
    }

    private static List<Term> metadata(Attribute attribute, String predicate) {
        Metadata metadata = attribute.metadata();
        return switch (predicate) {
            case NgsiLd.RDF_TYPE -> KIND_TYPES.get(attribute.kind());
            case NgsiLd.OBSERVED_AT -> time(metadata.observedAt());
            case NgsiLd.CREATED_AT -> time(metadata.createdAt());
            case NgsiLd.MODIFIED_AT -> time(metadata.modifiedAt());
            case NgsiLd.DELETED_AT -> time(metadata.deletedAt());
            case NgsiLd.EXPIRES_AT -> time(metadata.expiresAt());
            case NgsiLd.UNIT_CODE ->
                metadata.unitCode() == null ? List.of() : List.of(Literal.string(metadata.unitCode()));
            case NgsiLd.DATASET_ID -> dataset(attribute.datasetId());
            case NgsiLd.HAS_OBJECT_TYPE -> TermSet.distinct(iris(metadata.objectTypes()));
            default -> List.of();
        };
    }

    private static List<Term> time(String text) {
        return text == null ? List.of() : List.of(Literal.of(text, NgsiLd.DATE_TIME));
    }

    private static List<Term> dataset(String datasetId) {
        return datasetId.equals(NgsiLd.NO_DATASET) ? List.of() : List.of(new Iri(datasetId));
    }

    private static List<Term> iris(List<String> values) {
        return values.stream().<Term>map(Iri::new).toList();
    }

    private static List<Term> strings(List<String> values) {
        return values.stream().<Term>map(Literal::string).toList();
    }
}
