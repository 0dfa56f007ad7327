package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Hands on what a judgement found different, with what it is due to. */
final class Verdicts {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Output<StreamRecord<Verdict>> output;
    private final EntityMetrics metrics;
    private final StreamRecord<Verdict> reused = new StreamRecord<>(null);

    Verdicts(Output<StreamRecord<Verdict>> output, EntityMetrics metrics) {
        this.output = output;
        this.metrics = metrics;
    }

    void tell(List<Judge.Difference> differences, InputRecord record, EntityChange change, long at) {
        tell(differences, eventTime(change, record), at, Settle.of(record), record.order());
    }

    /** Because of a sweep. */
    void tell(List<Judge.Difference> differences, long at) {
        tell(differences, at, at, Settle.AT_ONCE, null);
    }

    private void tell(List<Judge.Difference> differences, long eventTime, long at, int settle, RecordOrder cause) {
        for (Judge.Difference one : differences) {
            metrics.verdict(one.kind());
            output.collect(reused.replace(
                    new Verdict(one.standing().alertId(), one.kind(), one.alert(), eventTime, at, settle, cause)));
        }
    }

    private static long eventTime(EntityChange change, InputRecord record) {
        if (change instanceof EntityChange.FlatAttribute flat) {
            return flat.write().eventTime() / NANOS_PER_MILLI;
        }
        if (change instanceof EntityChange.Document document
                && !document.attributes().isEmpty()) {
            long newest = Long.MIN_VALUE;
            for (EntityChange.AttributeWrite write : document.attributes()) {
                newest = Math.max(newest, write.eventTime());
            }
            return newest / NANOS_PER_MILLI;
        }
        return record.timestamp();
    }
}
