package org.flinkjobrunner.validator.graph;

import java.util.List;

/** What an attribute instance says about itself; each part may be null, the list may be empty. Times as they were sent. */
public record Metadata(
        String observedAt,
        String createdAt,
        String modifiedAt,
        String deletedAt,
        String expiresAt,
        String unitCode,
        List<String> objectTypes) {
    public static final Metadata NONE = new Metadata(null, null, null, null, null, null, List.of());

    /** Whether it says when the attribute was observed, and nothing else. */
    public boolean isOnlyObservedAt() {
        return observedAt != null
                && createdAt == null
                && modifiedAt == null
                && deletedAt == null
                && expiresAt == null
                && unitCode == null
                && objectTypes.isEmpty();
    }

    public static Metadata observedAt(String time) {
        return time == null ? NONE : new Metadata(time, null, null, null, null, null, List.of());
    }
}
