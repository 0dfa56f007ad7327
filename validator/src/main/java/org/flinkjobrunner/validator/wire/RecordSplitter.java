package org.flinkjobrunner.validator.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flinkjobrunner.validator.program.Contexts;

/**
 * From a Kafka record to the records of single entities. Of a record of one entity only the id is looked for: it is read
 * where the entity's state is. A record of several ones is read in full, because what is wrong with some of them is told
 * once, with the record as it was; only an unknown {@code @context} is left to be found later. For one thread.
 */
public final class RecordSplitter {
    public static final int MAX_RECORD_BYTES = 1 << 20;

    /** Where records go. */
    public interface Output {
        void record(InputRecord record);

        /** At most once for a Kafka record; records of its good entities may have gone before. */
        void refused(InputRecord kafkaRecord, RecordRefused why);
    }

    private static final Contexts CORE_ONLY = new Contexts(Map.of(), null);

    private final int maxRecordBytes;
    private final ChangeDecoder decoder = new ChangeDecoder(CORE_ONLY);

    public RecordSplitter() {
        this(MAX_RECORD_BYTES);
    }

    public RecordSplitter(int maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    /** @param kafkaRecord whose entity id is not known yet: whatever it has is not looked at */
    public void split(InputRecord kafkaRecord, Output out) {
        try {
            byte[] value = kafkaRecord.value();
            if (value != null && value.length > maxRecordBytes) {
                String message = "the record has " + value.length + " bytes, allowed are " + maxRecordBytes;
                throw new RecordRefused("too-large", null, message, "split it");
            }
            switch (kafkaRecord.topic()) {
                case IFF_ENTITIES -> out.record(of(kafkaRecord, flatId(kafkaRecord, "id")));
                case IFF_ATTRIBUTES -> out.record(of(kafkaRecord, flatId(kafkaRecord, "entityId")));
                case NGSI_LD -> documents(kafkaRecord, out);
            }
        } catch (RecordRefused refused) {
            out.refused(kafkaRecord, refused);
        }
    }

    private static InputRecord of(InputRecord record, String entityId) {
        return part(record, entityId, record.operation(), record.value(), false);
    }

    private static InputRecord part(
            InputRecord record, String entityId, Operation operation, byte[] value, boolean part) {
        return new InputRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                operation,
                entityId,
                record.key(),
                value,
                part,
                false);
    }

    private static String flatId(InputRecord record, String member) throws RecordRefused {
        String plain = plainKey(record.key());
        if (plain != null) {
            return plain;
        }
        return record.value() == null ? idOfTombstone(record) : id(record.value(), member);
    }

    /** @return null when the key is not the plain id of an entity */
    private static String plainKey(byte[] key) {
        if (key == null || key.length == 0 || key[0] == '{' || key[0] == '"') {
            return null;
        }
        String id = new String(key, StandardCharsets.UTF_8);
        return Iris.isAbsolute(id) ? id : null;
    }

    private static String idOfTombstone(InputRecord record) throws RecordRefused {
        String id = plainKey(record.key());
        if (id == null && record.key() != null) {
            Object key = Json.read(record.key(), 0, record.key().length);
            Object named = key instanceof Map ? Json.object(key).get("id") : key;
            id = named instanceof String text ? text : null;
        }
        if (id != null && record.topic() == InputTopic.IFF_ATTRIBUTES && id.indexOf('\\') > 0) {
            id = id.substring(0, id.indexOf('\\')); // an attribute's id begins with its entity's
        }
        return checked(id, "");
    }

    private static String id(byte[] json, String member) throws RecordRefused {
        JsonScan scan = new JsonScan(json, 0);
        if (scan.next() == '{') {
            scan.enter();
            while (scan.member()) {
                if (scan.isNamed(member) && scan.text() != null) {
                    return checked(scan.text(), "/" + member);
                }
            }
        }
        return idInFull(json, member);
    }

    /** Finds it where the scan cannot, or says what is wrong with the record. */
    static String idInFull(byte[] json, String... members) throws RecordRefused {
        Object read = Json.read(json, 0, json.length);
        if (!(read instanceof Map)) {
            throw new RecordRefused("invalid-entity", "", "an object is expected", null);
        }
        for (String member : members) {
            if (Json.object(read).containsKey(member)) {
                Object id = Json.object(read).get(member);
                return checked(id instanceof String text ? text : Json.describe(id), "/" + member);
            }
        }
        throw new RecordRefused("missing-id", "", "the record names no entity", null);
    }

    private static String checked(String id, String pointer) throws RecordRefused {
        if (id == null) {
            throw new RecordRefused("missing-id", pointer, "the record names no entity", null);
        }
        if (!Iris.isAbsolute(id)) {
            throw new RecordRefused(
                    "invalid-id", pointer, Excerpt.of(id) + " is no id of an entity", "an absolute IRI is expected");
        }
        return id;
    }

    private void documents(InputRecord record, Output out) throws RecordRefused {
        if (record.value() == null) {
            out.record(of(record, idOfTombstone(record)));
            return;
        }
        DocumentScan scan = new DocumentScan(record.value());
        switch (scan.form()) {
            case ENTITY -> out.record(of(record, checked(scan.id(), "/id")));
            case EVENT -> event(record, out);
            case SEVERAL -> several(record, scan, out);
        }
    }

    private void event(InputRecord record, Output out) throws RecordRefused {
        StellioEvent event = StellioEvent.read(record.value());
        InputRecord part = part(record, checked(event.entityId(), "/entityId"), event.operation(), event.value(), true);
        check(part);
        out.record(part);
    }

    private void several(InputRecord record, DocumentScan scan, Output out) throws RecordRefused {
        Map<String, InputRecord> parts = new LinkedHashMap<>();
        boolean lastWins = record.operation() == null
                || record.operation() == Operation.REPLACE
                || record.operation() == Operation.DELETE;
        RecordRefused first = null;
        for (byte[] item : scan.items()) {
            try {
                String id = idOfItem(item);
                InputRecord part = part(record, id, record.operation(), item, true);
                check(part);
                if (parts.remove(id) != null && !lastWins) {
                    throw new RecordRefused(
                            "duplicate-entity", null, "the entity " + Excerpt.of(id) + " is there twice", null);
                }
                parts.put(id, part);
            } catch (RecordRefused refused) {
                first = first == null ? refused : first;
            }
        }
        parts.values().forEach(out::record);
        if (first != null) {
            out.refused(record, first);
        }
    }

    private static String idOfItem(byte[] item) throws RecordRefused {
        DocumentScan scan = new DocumentScan(item);
        if (scan.form() != DocumentScan.Form.ENTITY) {
            throw new RecordRefused("invalid-entity", "", "an entity is expected", null);
        }
        return checked(scan.id(), "/id");
    }

    private void check(InputRecord part) throws RecordRefused {
        try {
            decoder.decode(part);
        } catch (RecordRefused refused) {
            if (!refused.code().equals("unknown-context")) {
                throw refused;
            }
        }
    }
}
