package org.flinkjobrunner.validator.wire;

import java.util.Map;

/** The members of a record of family B; used again for the next one. */
final class FlatRecord {
    String id;
    String parentId;
    String entityId;
    String name;
    String nodeType;
    String valueType;
    String type;
    String datasetId;
    String unitCode;
    String lang;
    /** ISO 8601, or milliseconds. */
    Object observedAt;
    /** As {@link Json} has it. */
    Object attributeValue;

    boolean deleted;

    void clear() {
        id = null;
        parentId = null;
        entityId = null;
        name = null;
        nodeType = null;
        valueType = null;
        type = null;
        datasetId = null;
        unitCode = null;
        lang = null;
        observedAt = null;
        attributeValue = null;
        deleted = false;
    }

    void fill(Map<String, Object> members) throws RecordRefused {
        id = text(members, "id");
        parentId = text(members, "parentId");
        entityId = text(members, "entityId");
        name = text(members, "name");
        nodeType = text(members, "nodeType");
        valueType = text(members, "valueType");
        type = text(members, "type");
        datasetId = text(members, "datasetId");
        unitCode = text(members, "unitCode");
        lang = text(members, "lang");
        observedAt = members.get("observedAt");
        attributeValue = members.get("attributeValue");
        Object flag = members.get("deleted");
        if (flag != null && !(flag instanceof Boolean)) {
            throw new RecordRefused("invalid-value", "/deleted", Excerpt.of(flag) + " is neither true nor false", null);
        }
        deleted = Boolean.TRUE.equals(flag);
    }

    private static String text(Map<String, Object> members, String member) throws RecordRefused {
        Object value = members.get(member);
        if (value != null && !(value instanceof String)) {
            throw new RecordRefused("invalid-value", "/" + member, Excerpt.of(value) + " is no text", null);
        }
        return (String) value;
    }
}
