package org.flinkjobrunner.validator.wire;

/** How an NGSI-LD document applies: the header {@code ngsi-ld-operation}. */
public enum Operation {
    /** The document is the whole entity. */
    REPLACE("replace"),
    /** Replaces the attribute instances that it names, keeps the others. */
    UPSERT("upsert"),
    /** The same, ignored while the entity is unknown. */
    UPDATE("update"),
    /** NGSI-LD merge patch: null deletes. */
    MERGE("merge"),
    DELETE("delete");

    private final String text;

    Operation(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** @return null when there is none of that name */
    public static Operation of(String text) {
        for (Operation operation : values()) {
            if (operation.text.equals(text)) {
                return operation;
            }
        }
        return null;
    }
}
