package org.flinkjobrunner.validator.stream.alert;

import java.util.Arrays;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.stream.io.AlertCodec;
import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * What is known of one alert. Immutable; contents are in the form of {@link AlertCodec}, which can be compared.
 *
 * @param standing  what EntityStage says stands; null when it does not
 * @param eventTime of what EntityStage said last
 * @param cause     of what EntityStage said last; may be null
 * @param due       when a difference between the two is told; {@link #NOT_DUE} while nothing waits
 * @param told      what the topic says stands; null when it does not
 * @param sequence  of the last record in the topic; 0 when the topic never heard of the alert
 * @param raisedAt  of the last raise in the topic
 * @param updatedAt of the last record in the topic
 */
public record AlertState(
        byte[] standing,
        long eventTime,
        RecordOrder cause,
        long due,
        byte[] told,
        long sequence,
        long raisedAt,
        long updatedAt) {
    static final long NOT_DUE = Long.MIN_VALUE;
    static final AlertState UNKNOWN = new AlertState(null, 0, null, NOT_DUE, null, 0, 0, Long.MIN_VALUE);

    AlertState said(byte[] content, long newEventTime, RecordOrder newCause) {
        return new AlertState(content, newEventTime, newCause, due, told, sequence, raisedAt, updatedAt);
    }

    /** What only repeats that an alert stands has not caused it. */
    AlertState raised(Verdict verdict) {
        byte[] content = AlertCodec.toBytes(verdict.alert());
        return verdict.kind() == Verdict.Kind.RAISE && standing != null
                ? said(content, eventTime, cause)
                : said(content, verdict.eventTime(), verdict.cause());
    }

    AlertState due(long time) {
        return new AlertState(standing, eventTime, cause, time, told, sequence, raisedAt, updatedAt);
    }

    AlertState told(byte[] content, long newSequence, long newRaisedAt, long newUpdatedAt) {
        return new AlertState(standing, eventTime, cause, due, content, newSequence, newRaisedAt, newUpdatedAt);
    }

    boolean waits() {
        return due != NOT_DUE;
    }

    /** Nothing stands, nothing waits, and the topic never heard of it. */
    boolean isNothing() {
        return standing == null && told == null && sequence == 0;
    }

    /** Whether the topic says exactly what stands, down to the values. */
    boolean tellsStanding() {
        return Arrays.equals(standing, told);
    }

    /** Whether the topic has to hear of what stands: another value alone is no news. */
    boolean isNews() {
        return standing == null || told == null ? standing != told : !saysTheSame(standing, told);
    }

    private static boolean saysTheSame(byte[] left, byte[] right) {
        if (Arrays.equals(left, right)) {
            return true;
        }
        Alert one = AlertCodec.fromBytes(left);
        Alert other = AlertCodec.fromBytes(right);
        return one.severity().equals(other.severity())
                && one.sourceShape().equals(other.sourceShape())
                && one.messages().equals(other.messages());
    }
}
