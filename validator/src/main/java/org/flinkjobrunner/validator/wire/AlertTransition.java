package org.flinkjobrunner.validator.wire;

import java.util.Locale;

/**
 * What an alert says and its history: one record of the alert topic. Times are milliseconds since 1970.
 *
 * @param sequence  counts the transitions; with the id it tells repetitions
 * @param eventTime when what caused it was observed
 * @param raisedAt  when it began to stand
 * @param updatedAt when this transition happened
 * @param cause     the input record that caused it; null when none did
 */
public record AlertTransition(
        String alertId,
        State state,
        long sequence,
        Alert alert,
        long eventTime,
        long raisedAt,
        long updatedAt,
        RecordOrder cause) {
    public enum State {
        RAISED,
        UPDATED,
        CLEARED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @return null when there is none of that name */
        public static State of(String text) {
            for (State state : values()) {
                if (state.text().equals(text)) {
                    return state;
                }
            }
            return null;
        }

        /** Whether the alert stands after it. */
        public boolean stands() {
            return this != CLEARED;
        }
    }
}
