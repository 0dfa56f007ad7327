package org.flinkjobrunner.validator.stream;

import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * What EntityStage tells AlertStage: an alert begins or ceases to stand, or says something else than before.
 *
 * @param alert        null for {@code CLEAR}
 * @param eventTime    when what caused it was observed, in milliseconds
 * @param at           plant time in milliseconds: the wall clock, or recorded time in a replay
 * @param settleMillis how long a raise waits for its clear before anybody hears of it
 * @param cause        the record that caused it; null when a sweep did
 */
public record Verdict(
        String alertId, Kind kind, Alert alert, long eventTime, long at, int settleMillis, RecordOrder cause) {
    public enum Kind {
        RAISE,
        UPDATE,
        CLEAR
    }
}
