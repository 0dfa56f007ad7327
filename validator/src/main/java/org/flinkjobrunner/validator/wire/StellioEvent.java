package org.flinkjobrunner.validator.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An event of the Stellio broker as a document of its entity. {@code value} is null when the entity is gone. */
record StellioEvent(String entityId, Operation operation, byte[] value) {
    static StellioEvent read(byte[] json) throws RecordRefused {
        return of(Json.object(Json.read(json, 0, json.length)));
    }

    private static StellioEvent of(Map<String, Object> event) throws RecordRefused {
        String type = text(event, "operationType");
        String entityId = text(event, "entityId");
        return switch (type) {
            case "ENTITY_DELETE" -> new StellioEvent(entityId, Operation.DELETE, null);
            case "ENTITY_CREATE", "ENTITY_REPLACE", "ENTITY_UPDATE" -> whole(entityId, event, "operationPayload");
            case "ATTRIBUTE_CREATE", "ATTRIBUTE_UPDATE", "ATTRIBUTE_APPEND", "ATTRIBUTE_REPLACE" ->
                has(event, "operationPayload")
                        ? attribute(entityId, event, payload(event))
                        : whole(entityId, event, "updatedEntity");
            case "ATTRIBUTE_DELETE" -> attribute(entityId, event, deletion());
            default ->
                throw new RecordRefused(
                        "unknown-event", "/operationType", Excerpt.of(type) + " is no event of an entity", null);
        };
    }

    private static boolean has(Map<String, Object> event, String member) {
        Object value = event.get(member);
        return value != null && !value.equals("");
    }

    private static StellioEvent whole(String entityId, Map<String, Object> event, String preferred)
            throws RecordRefused {
        String member = has(event, preferred) ? preferred : "updatedEntity";
        Map<String, Object> entity = object(event, member);
        Object id = entity.getOrDefault("id", entity.get("@id"));
        if (!entityId.equals(id)) {
            String message = Excerpt.of(id) + " is not the entity " + Excerpt.of(entityId);
            throw new RecordRefused("id-mismatch", "/" + member, message, null);
        }
        return new StellioEvent(entityId, Operation.REPLACE, document(event, entity));
    }

    private static StellioEvent attribute(String entityId, Map<String, Object> event, Object instance)
            throws RecordRefused {
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("id", entityId);
        if (has(event, "entityTypes")) {
            entity.put("type", event.get("entityTypes"));
        }
        Object datasetId = event.get("datasetId");
        if (datasetId != null && instance instanceof Map) {
            Json.object(instance).putIfAbsent("datasetId", datasetId);
        }
        entity.put(text(event, "attributeName"), instance);
        return new StellioEvent(entityId, Operation.UPSERT, document(event, entity));
    }

    private static Map<String, Object> deletion() {
        Map<String, Object> deletion = new LinkedHashMap<>();
        deletion.put("type", "Property");
        deletion.put("value", Plain.NULL);
        return deletion;
    }

    /** The attribute, which some versions wrap in an object of its name. */
    private static Object payload(Map<String, Object> event) throws RecordRefused {
        Object payload = json(event, "operationPayload");
        if (payload instanceof Map) {
            Map<String, Object> object = Json.object(payload);
            String name = text(event, "attributeName");
            return object.size() == 1 && object.containsKey(name) ? object.get(name) : object;
        }
        return payload;
    }

    private static byte[] document(Map<String, Object> event, Map<String, Object> entity) {
        Map<String, Object> document = new LinkedHashMap<>();
        if (event.get("contexts") instanceof List<?> contexts && !contexts.isEmpty()) {
            document.put("@context", contexts);
        }
        document.putAll(entity); // with a context of its own, that one
        return JsonWriter.text(document).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Map<String, Object> event, String member) throws RecordRefused {
        if (event.get(member) instanceof String text) {
            return text;
        }
        throw new RecordRefused("missing-member", "/" + member, "the event has no " + member, null);
    }

    private static Map<String, Object> object(Map<String, Object> event, String member) throws RecordRefused {
        Object value = json(event, member);
        if (value instanceof Map) {
            return Json.object(value);
        }
        throw new RecordRefused("invalid-value", "/" + member, Excerpt.of(value) + " is not an object", null);
    }

    /** Stellio writes documents as text. */
    private static Object json(Map<String, Object> event, String member) throws RecordRefused {
        Object value = event.get(member);
        if (!(value instanceof String text)) {
            return value;
        }
        try {
            return Json.read(text);
        } catch (RecordRefused e) {
            throw new RecordRefused(e.code(), "/" + member, e.getMessage(), e.hint());
        }
    }
}
