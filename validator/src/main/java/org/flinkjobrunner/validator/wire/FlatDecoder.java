package org.flinkjobrunner.validator.wire;

import java.time.DateTimeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;

/** Family B: the two IndustryFusion topics. */
final class FlatDecoder {
    private static final int MAX_KEPT = 20_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Expansion expansion;
    private final Instants instants;
    private final FlatValues values;
    private final FlatScan scan = new FlatScan();
    private final FlatRecord flat = new FlatRecord();
    private final Map<String, AttributeKey> defaults = new HashMap<>();
    private String observedAt;
    private long eventTime;

    FlatDecoder(Expansion expansion, ValueReader values, Place place, Instants instants) {
        this.expansion = expansion;
        this.instants = instants;
        this.values = new FlatValues(expansion, values, place);
    }

    EntityChange entity(InputRecord record) throws RecordRefused {
        if (record.value() == null) {
            return new EntityChange.EntityDelete(record.entityId());
        }
        read(record);
        requireId(flat.id, "/id", record);
        if (flat.deleted) {
            return new EntityChange.EntityDelete(record.entityId());
        }
        String type = flat.type == null ? null : expansion.vocabularyIri(flat.type);
        if (type == null) {
            throw refuse("invalid-type", "/type", "the entity has no type, or one that is no IRI");
        }
        return new EntityChange.EntityType(record.entityId(), type);
    }

    EntityChange attribute(InputRecord record) throws RecordRefused {
        if (record.value() == null) {
            return tombstone(record);
        }
        read(record);
        requireId(flat.entityId, "/entityId", record);
        if (flat.id == null || flat.id.isEmpty()) {
            throw refuse("missing-member", "/id", "the attribute has no id");
        }
        AttributeKey key = key();
        observe(record);
        boolean gone = flat.deleted || flat.attributeValue == null || Plain.NULL.equals(flat.attributeValue);
        Attribute attribute = gone ? null : attribute(record.entityId(), key);
        return new EntityChange.FlatAttribute(
                record.entityId(), flat.id, flat.parentId, new AttributeWrite(key, attribute, eventTime, true));
    }

    /** Compaction removes a key, which names the attribute; a key that is the entity's id alone means all of it. */
    private EntityChange tombstone(InputRecord record) throws RecordRefused {
        byte[] key = record.key();
        if (key == null || key.length == 0 || key[0] != '{') {
            return new EntityChange.EntityDelete(record.entityId());
        }
        flat.clear();
        flat.fill(Json.object(Json.read(key, 0, key.length)));
        if (flat.id == null) {
            throw refuse("missing-member", "/id", "the key of a tombstone has no id");
        }
        observe(record);
        String datasetId = flat.datasetId == null ? NgsiLd.NO_DATASET : flat.datasetId;
        AttributeKey nameless = new AttributeKey("", datasetId);
        return new EntityChange.FlatAttribute(
                record.entityId(), flat.id, null, new AttributeWrite(nameless, null, eventTime, true));
    }

    private void read(InputRecord record) throws RecordRefused {
        byte[] json = record.value();
        flat.clear();
        if (!scan.read(json, record.entityId(), flat)) {
            flat.clear();
            if (!(Json.read(json, 0, json.length) instanceof Map<?, ?> members)) {
                throw refuse("invalid-entity", "", "a record of this topic is an object");
            }
            flat.fill(Json.object(members));
        }
    }

    private void requireId(String id, String pointer, InputRecord record) throws RecordRefused {
        if (id == null) {
            throw refuse("missing-id", pointer, "the record names no entity");
        }
        if (id != record.entityId() && !id.equals(record.entityId())) {
            String message = Excerpt.of(id) + " is not the entity of the key, " + Excerpt.of(record.entityId());
            throw refuse("id-mismatch", pointer, message);
        }
    }

    private AttributeKey key() throws RecordRefused {
        if (flat.name == null) {
            throw refuse("missing-member", "/name", "the attribute has no name");
        }
        String name = expansion.vocabularyIri(flat.name);
        if (name == null) {
            throw refuse("invalid-name", "/name", Excerpt.of(flat.name) + " cannot be an IRI");
        }
        String datasetId = flat.datasetId;
        if (datasetId == null || datasetId.equals(NgsiLd.NO_DATASET)) {
            AttributeKey known = defaults.get(name);
            if (known == null) {
                if (defaults.size() >= MAX_KEPT) {
                    defaults.clear();
                }
                known = new AttributeKey(name, NgsiLd.NO_DATASET);
                defaults.put(name, known);
            }
            return known;
        }
        if (!Iris.isAbsolute(datasetId)) {
            throw refuse("invalid-iri", "/datasetId", Excerpt.of(datasetId) + " is neither @none nor an IRI");
        }
        return new AttributeKey(name, datasetId);
    }

    /** The payload's time wins over the record's. */
    private void observe(InputRecord record) throws RecordRefused {
        if (flat.observedAt instanceof String text) {
            try {
                eventTime = instants.nanos(text);
                observedAt = text;
                return;
            } catch (DateTimeException e) {
                throw invalidTime(text);
            }
        }
        long millis = record.timestamp();
        if (flat.observedAt instanceof Json.Num number) {
            try {
                millis = Long.parseLong(number.text());
            } catch (NumberFormatException e) {
                throw invalidTime(number);
            }
        } else if (flat.observedAt != null) {
            throw invalidTime(flat.observedAt);
        }
        if (!Instants.isMillis(millis)) {
            throw invalidTime(Long.toString(millis));
        }
        eventTime = millis * NANOS_PER_MILLI;
        observedAt = instants.text(millis);
    }

    private static RecordRefused invalidTime(Object time) {
        return new RecordRefused(
                "invalid-time",
                "/observedAt",
                Excerpt.of(time) + " is no time",
                "write it as 2026-01-31T12:00:00.000Z, or in milliseconds since 1970");
    }

    private Attribute attribute(String entityId, AttributeKey key) throws RecordRefused {
        Kind kind = flat.type == null ? null : AttributeKinds.named(flat.type);
        if (kind == null) {
            throw values.unknownKind(flat.type);
        }
        boolean list = kind == Kind.JSON && "@list".equals(flat.nodeType); // as a known producer writes list properties
        List<Term> terms = values.read(flat, list ? Kind.LIST : kind);
        return new Attribute(
                entityId,
                key.name(),
                key.datasetId(),
                list ? Kind.LIST : kind,
                terms,
                AttributeReader.metadata(observedAt, flat.unitCode));
    }

    private static RecordRefused refuse(String code, String pointer, String message) {
        return new RecordRefused(code, pointer, message, null);
    }
}
