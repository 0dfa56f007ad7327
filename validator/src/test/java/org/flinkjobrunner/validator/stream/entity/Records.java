package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;

/** Records of both families; each has the next offset. */
final class Records {
    private long offset;
    private long timestamp = 1_000_000;

    Records at(long time) {
        timestamp = time;
        return this;
    }

    InputRecord type(String entity, String type) {
        return record(
                InputTopic.IFF_ENTITIES,
                entity,
                null,
                "{\"id\":\"%s\",\"type\":\"https://x/%s\"}".formatted(entity, type));
    }

    InputRecord deleted(String entity) {
        return record(
                InputTopic.IFF_ENTITIES,
                entity,
                null,
                "{\"id\":\"%s\",\"type\":\"https://x/Cutter\",\"deleted\":true}".formatted(entity));
    }

    InputRecord value(String entity, String name, String value) {
        return record(
                InputTopic.IFF_ATTRIBUTES,
                entity,
                null,
                ("{\"id\":\"%s\\\\%s\",\"entityId\":\"%s\",\"name\":\"https://x/%s\",\"nodeType\":\"@value\","
                                + "\"type\":\"https://uri.etsi.org/ngsi-ld/Property\",\"attributeValue\":%s,"
                                + "\"datasetId\":\"@none\"}")
                        .formatted(entity, hash("https://x/" + name + "\\@none"), entity, name, value));
    }

    /** A sub-attribute of the default instance of {@code parent}. */
    InputRecord sub(String entity, String parent, String name, String value) {
        String parentId = entity + "\\\\" + hash("https://x/" + parent + "\\@none");
        String id = entity + "\\\\" + hash("https://x/" + parent + "\\@none\\https://x/" + name + "\\@none");
        return record(
                InputTopic.IFF_ATTRIBUTES,
                entity,
                null,
                ("{\"id\":\"%s\",\"parentId\":\"%s\",\"entityId\":\"%s\",\"name\":\"https://x/%s\","
                                + "\"nodeType\":\"@value\",\"type\":\"https://uri.etsi.org/ngsi-ld/Property\","
                                + "\"attributeValue\":%s,\"datasetId\":\"@none\"}")
                        .formatted(id, parentId, entity, name, value));
    }

    InputRecord document(Operation operation, String entity, String attributes) {
        return record(
                InputTopic.NGSI_LD,
                entity,
                operation,
                "{\"id\":\"%s\",\"type\":\"https://x/Cutter\"%s}"
                        .formatted(entity, attributes.isEmpty() ? "" : "," + attributes));
    }

    static String temperature(String value) {
        return "\"https://x/temperature\":{\"type\":\"Property\",\"value\":" + value + "}";
    }

    InputRecord record(InputTopic topic, String entity, Operation operation, String json) {
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        byte[] key = entity.getBytes(StandardCharsets.UTF_8);
        return new InputRecord(topic, 0, offset++, timestamp, operation, entity, key, value, false, false);
    }

    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 24);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
