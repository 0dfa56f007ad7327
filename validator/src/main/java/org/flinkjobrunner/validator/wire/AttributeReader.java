package org.flinkjobrunner.validator.wire;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;

/** Reads the instances of an attribute: normalized, concise, or expanded. */
final class AttributeReader {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_KEPT = 10_000;
    private static final Comparator<Attribute> ORDER =
            Comparator.comparing(Attribute::name).thenComparing(Attribute::datasetId);

    private final Place place;
    private final ValueReader values;
    private final Instants instants;
    private final Map<String, String> kept = new HashMap<>();
    private Expansion expansion;
    private String entityId;
    private long recordTime;

    AttributeReader(Place place, ValueReader values, Instants instants) {
        this.place = place;
        this.values = values;
        this.instants = instants;
    }

    /** Before each document. */
    void use(String entity, Expansion active, long nanos) {
        entityId = entity;
        expansion = active;
        recordTime = nanos;
        values.use(active);
    }

    /** What stands behind the name of an attribute: one instance, or several. */
    void read(Object json, Meaning meaning, List<AttributeWrite> to) throws RecordRefused {
        read(json, meaning, 1, to);
    }

    private void read(Object json, Meaning meaning, int depth, List<AttributeWrite> to) throws RecordRefused {
        if (depth > MAX_DEPTH) {
            throw place.refuse("too-deep", "sub-attributes are nested more than " + MAX_DEPTH + " deep", null);
        }
        if (!(json instanceof List<?> items) || areValues(items)) {
            to.add(instance(json, meaning, depth));
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            place.enter(i);
            if (!(items.get(i) instanceof Map)) {
                throw place.refuse("invalid-value", "instances and bare values stand in one array", null);
            }
            to.add(instance(items.get(i), meaning, depth));
            place.leave();
        }
    }

    private static boolean areValues(List<?> items) {
        return !items.isEmpty()
                && items.stream().allMatch(item -> !(item instanceof Map) || isValue(Json.object(item)));
    }

    /** Whether an object is a value in JSON-LD, where an attribute is expected. */
    private static boolean isValue(Map<String, Object> object) {
        return object.containsKey("@value") || object.containsKey("@list") || object.containsKey("@id");
    }

    private AttributeWrite instance(Object json, Meaning meaning, int depth) throws RecordRefused {
        AttributeParts parts = new AttributeParts();
        if (Plain.isNull(json)) {
            return write(parts, meaning, null);
        }
        if (!(json instanceof Map) || isValue(Json.object(json))) {
            parts.bare(json);
        } else if (AttributeKinds.isGeometry(Json.object(json), expansion)) {
            parts.geometry(json);
        } else {
            fill(parts, Json.object(json), depth);
        }
        if (parts.deleted || parts.hasValue() && Plain.isNull(parts.value)) {
            return write(parts, meaning, null);
        }
        Attribute attribute = new Attribute(
                entityId,
                meaning.iri(),
                parts.datasetId,
                parts.kind(place, expansion),
                parts.values(values, place, meaning),
                parts.metadata(),
                sorted(parts.subAttributes));
        return write(parts, meaning, attribute);
    }

    private AttributeWrite write(AttributeParts parts, Meaning meaning, Attribute attribute) {
        boolean timed = parts.observedAt != null;
        long time = timed ? parts.observedNanos : recordTime;
        return new AttributeWrite(
                new AttributeKey(meaning.iri(), parts.datasetId), attribute, time, timed || attribute != null);
    }

    private void fill(AttributeParts parts, Map<String, Object> object, int depth) throws RecordRefused {
        for (Map.Entry<String, Object> entry : object.entrySet()) {
            Meaning meaning = expansion.member(entry.getKey());
            Object json = entry.getValue();
            place.enter(entry.getKey());
            switch (meaning.member()) {
                case TYPE -> parts.kind = AttributeKinds.of(json, expansion, place);
                case VALUE, OBJECT, LANGUAGE_MAP, VOCAB, JSON, VALUE_LIST, OBJECT_LIST ->
                    parts.value(meaning, entry.getKey(), json, place);
                case OBSERVED_AT -> {
                    parts.observedAt = text(json);
                    parts.observedNanos = nanos(parts.observedAt);
                }
                case CREATED_AT -> parts.createdAt = text(json);
                case MODIFIED_AT -> parts.modifiedAt = text(json);
                case EXPIRES_AT -> parts.expiresAt = text(json);
                case DELETED_AT -> parts.deleted = !text(json).equals(Plain.NULL);
                case UNIT_CODE -> parts.unitCode = kept(text(json));
                case DATASET_ID -> parts.datasetId = datasetId(json);
                case OBJECT_TYPE -> parts.objectTypes = types(json, expansion, place);
                case ATTRIBUTE -> subAttribute(parts, meaning, entry.getKey(), json, depth);
                case INSTANCE_ID,
                        PREVIOUS_VALUE,
                        PREVIOUS_OBJECT,
                        PREVIOUS_LANGUAGE_MAP,
                        PREVIOUS_VOCAB,
                        PREVIOUS_JSON,
                        PREVIOUS_VALUE_LIST,
                        PREVIOUS_OBJECT_LIST -> {}
                case ID, CONTEXT, SCOPE, KEYWORD ->
                    throw place.refuse(
                            "unexpected-member", "an attribute cannot have " + Excerpt.of(entry.getKey()), null);
            }
            place.leave();
        }
    }

    private void subAttribute(AttributeParts parts, Meaning meaning, String name, Object json, int depth)
            throws RecordRefused {
        if (meaning.iri() == null) {
            throw place.refuse("invalid-name", Excerpt.of(name) + " cannot be an IRI", null);
        }
        List<AttributeWrite> found = new ArrayList<>(1);
        read(json, meaning, depth + 1, found);
        for (AttributeWrite write : found) {
            if (write.attribute() != null) {
                parts.subAttributes.add(write.attribute());
            }
        }
    }

    private Attribute[] sorted(List<Attribute> subAttributes) throws RecordRefused {
        if (subAttributes.isEmpty()) {
            return Attribute.NONE;
        }
        Attribute[] sorted = subAttributes.toArray(Attribute.NONE);
        Arrays.sort(sorted, ORDER);
        for (int i = 1; i < sorted.length; i++) {
            if (ORDER.compare(sorted[i - 1], sorted[i]) == 0) {
                throw place.refuse(
                        "duplicate-instance",
                        "the sub-attribute " + Excerpt.of(sorted[i].name()) + " has two instances of datasetId "
                                + Excerpt.of(sorted[i].datasetId()),
                        "give them different datasetIds");
            }
        }
        return sorted;
    }

    private String text(Object json) throws RecordRefused {
        String text = Plain.text(json);
        if (text == null) {
            throw place.refuse("invalid-value", Excerpt.of(json) + " is no text", null);
        }
        return text;
    }

    private long nanos(String time) throws RecordRefused {
        try {
            return instants.nanos(time);
        } catch (DateTimeException e) {
            throw place.refuse(
                    "invalid-time",
                    Excerpt.of(time) + " is no time: " + Excerpt.of(e.getMessage()),
                    "write it as 2026-01-31T12:00:00.000Z");
        }
    }

    private String datasetId(Object json) throws RecordRefused {
        String text = Plain.text(json);
        if (NgsiLd.NO_DATASET.equals(text)) {
            return NgsiLd.NO_DATASET;
        }
        String iri = text == null ? null : expansion.nodeIri(text);
        if (iri == null) {
            throw place.refuse("invalid-iri", "the datasetId " + Excerpt.of(json) + " is not an IRI", null);
        }
        return kept(iri);
    }

    /** Types of an entity, or of what a relationship refers to. */
    static List<String> types(Object json, Expansion expansion, Place place) throws RecordRefused {
        List<String> types = new ArrayList<>(1);
        for (Object item : Plain.several(json)) {
            String name = Plain.text(item);
            String iri = name == null ? null : expansion.vocabularyIri(name);
            if (iri == null) {
                throw place.refuse("invalid-type", Excerpt.of(item) + " is no type", "a name or an IRI is expected");
            }
            if (!types.contains(iri)) {
                types.add(iri);
            }
        }
        return List.copyOf(types);
    }

    /** The same object for equal texts that come again and again. */
    private String kept(String text) {
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        String known = kept.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    /** Nothing but a time of observation and a unit is usual. */
    static Metadata metadata(String observedAt, String unitCode) {
        return unitCode == null
                ? Metadata.observedAt(observedAt)
                : new Metadata(observedAt, null, null, null, null, unitCode, List.of());
    }
}
