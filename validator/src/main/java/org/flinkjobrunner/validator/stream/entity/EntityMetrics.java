package org.flinkjobrunner.validator.stream.entity;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.flinkjobrunner.validator.stream.Verdict;

/** What EntityStage counts. */
final class EntityMetrics {
    private final Counter records;
    private final Counter ignored;
    private final Counter refused;
    private final Counter programsRefused;
    private final Map<Verdict.Kind, Counter> verdicts = new EnumMap<>(Verdict.Kind.class);

    EntityMetrics(MetricGroup group, IntSupplier sweepLeft) {
        records = group.counter("records");
        ignored = group.counter("recordsIgnored");
        refused = group.counter("recordsRefused");
        programsRefused = group.counter("programsRefused");
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            verdicts.put(
                    kind,
                    group.counter("verdicts" + kind.name().charAt(0)
                            + kind.name().substring(1).toLowerCase(Locale.ROOT)));
        }
        group.gauge("sweepLeft", (Gauge<Integer>) sweepLeft::getAsInt);
    }

    void record() {
        records.inc();
    }

    void ignored() {
        ignored.inc();
    }

    void refused() {
        refused.inc();
    }

    void programRefused() {
        programsRefused.inc();
    }

    void verdict(Verdict.Kind kind) {
        verdicts.get(kind).inc();
    }
}
