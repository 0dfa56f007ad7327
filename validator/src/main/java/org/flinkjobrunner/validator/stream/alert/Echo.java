package org.flinkjobrunner.validator.stream.alert;

import org.flinkjobrunner.validator.wire.AlertTransition;

/**
 * A record of the alert topic, read back: what a crashed attempt wrote after its last checkpoint is in no state.
 *
 * @param attempt who wrote it; null for a tombstone, which says nothing about itself
 * @param state   null for a tombstone
 * @param event   the record's value; null for a tombstone
 */
public record Echo(String alertId, String attempt, long sequence, AlertTransition.State state, byte[] event) {
    public static Echo tombstone(String alertId) {
        return new Echo(alertId, null, 0, null, null);
    }

    public boolean isTombstone() {
        return state == null;
    }
}
