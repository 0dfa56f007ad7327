package org.flinkjobrunner.validator.wire;

import java.util.List;
import java.util.Map;

/** What expanded JSON-LD wraps: {@code [{"@value": x}]} is x. */
final class Plain {
    /** What NGSI-LD has for null. */
    static final String NULL = "urn:ngsi-ld:null";

    private Plain() {}

    /** @return the text, or null when it is none */
    static String text(Object json) {
        return unwrap(json) instanceof String text ? text : null;
    }

    /** A single item out of its array and its value or node object. */
    static Object unwrap(Object json) {
        Object single = json instanceof List<?> list && list.size() == 1 ? list.get(0) : json;
        if (single instanceof Map) {
            Map<String, Object> object = Json.object(single);
            if (object.containsKey("@value")) {
                return object.get("@value");
            }
            return object.size() == 1 && object.containsKey("@id") ? object.get("@id") : single;
        }
        return single;
    }

    /** A single thing is as an array of it. */
    static List<?> several(Object json) {
        return json instanceof List<?> list ? list : json == null ? List.of() : List.of(json);
    }

    /** Whether a value says that there is none any more. */
    static boolean isNull(Object json) {
        Object value = unwrap(json);
        if (value instanceof Map) {
            Map<String, Object> object = Json.object(value);
            return object.size() == 1 && NULL.equals(object.get("@none"));
        }
        return value == null || value.equals(NULL);
    }
}
