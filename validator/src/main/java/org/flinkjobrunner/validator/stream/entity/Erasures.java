package org.flinkjobrunner.validator.stream.entity;

import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;

/**
 * Deletions that name an attribute by nothing but its id: tombstones of the flat topic. They wait, where no attribute has
 * the id yet, among the sub-attributes, below a parent that cannot be.
 */
final class Erasures {
    /** How many of one entity may wait. */
    static final int MOST_WAITING = 64;

    private static final String NO_PARENT = "";

    private Erasures() {}

    static boolean isOne(FlatAttribute change) {
        return change.write().key().name().isEmpty();
    }

    static boolean isOne(Instance sub) {
        return sub.parentId().isEmpty();
    }

    /** What waits for this id; null mostly. */
    static Instance of(Instance[] subs, String id) {
        int found = subs.length == 0 ? -1 : find(subs, id);
        return found < 0 ? null : subs[found];
    }

    static Instance[] waiting(Instance[] subs, String id, Write write) {
        int found = find(subs, id);
        if (found < 0 && count(subs) >= MOST_WAITING) {
            return subs; // of something that was never here: most likely it never will
        }
        Instance before = found < 0 ? Instance.empty(NO_PARENT, id, NgsiLd.NO_DATASET) : subs[found];
        Instance after = before.with(write);
        return after == before ? subs : Instances.with(subs, found, after);
    }

    private static int find(Instance[] subs, String id) {
        return Instances.find(subs, NO_PARENT, id, NgsiLd.NO_DATASET);
    }

    private static int count(Instance[] subs) {
        int count = 0;
        while (count < subs.length && isOne(subs[count])) {
            count++;
        }
        return count;
    }
}
