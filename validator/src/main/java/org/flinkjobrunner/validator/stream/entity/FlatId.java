package org.flinkjobrunner.validator.stream.entity;

import java.util.HashMap;
import java.util.Map;

/**
 * The id of a flat attribute as it is kept: without the id of its entity where it begins with that, which leaves one object
 * for an attribute of all entities.
 */
final class FlatId {
    private static final int MOST_KEPT = 1 << 13;
    private static final ThreadLocal<Map<String, FlatId>> KEPT = ThreadLocal.withInitial(HashMap::new);

    private final String text;
    private final boolean behindEntityId;

    private FlatId(String text, boolean behindEntityId) {
        this.text = text;
        this.behindEntityId = behindEntityId;
    }

    static FlatId of(String id, String entityId) {
        int from = entityId.length();
        if (id.length() == from || !id.startsWith(entityId)) {
            return new FlatId(id, false);
        }
        Map<String, FlatId> kept = KEPT.get();
        if (kept.size() == MOST_KEPT) {
            kept.clear();
        }
        return kept.computeIfAbsent(id.substring(from), text -> new FlatId(text, true));
    }

    boolean is(String id, String entityId) {
        return behindEntityId
                ? id.length() == entityId.length() + text.length() && id.endsWith(text) && id.startsWith(entityId)
                : id.equals(text);
    }

    String text(String entityId) {
        return behindEntityId ? entityId + text : text;
    }
}
