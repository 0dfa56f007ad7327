package org.flinkjobrunner.validator.stream.entity;

import java.util.EnumMap;
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
    private final Counter evaluations;
    private final Counter failed;
    private final Counter programsRefused;
    private final Map<Verdict.Kind, Counter> verdicts = new EnumMap<>(Verdict.Kind.class);
    private final Unmatched unmatched;
    private int untyped;
    private int untypedSeen;

    /** @param sweepLeft how many entities a sweep still has to look at */
    EntityMetrics(MetricGroup group, IntSupplier sweepLeft) {
        records = group.counter("records");
        ignored = group.counter("changesIgnored");
        refused = group.counter("refused");
        failed = group.counter("internalErrors");
        programsRefused = group.counter("programsRefused");
        verdicts.put(Verdict.Kind.RAISE, group.counter("raised"));
        verdicts.put(Verdict.Kind.UPDATE, group.counter("updated"));
        verdicts.put(Verdict.Kind.CLEAR, group.counter("cleared"));
        group.gauge("sweepLeft", (Gauge<Integer>) sweepLeft::getAsInt);
        evaluations = group.counter("evaluations");
        group.gauge("entitiesUntyped", (Gauge<Integer>) () -> Math.max(0, untyped));
        unmatched = new Unmatched(group);
    }

    Unmatched unmatched() {
        return unmatched;
    }

    void record() {
        records.inc();
    }

    /** How many there were. */
    long records() {
        return records.getCount();
    }

    void ignored() {
        ignored.inc();
    }

    void evaluated(int units) {
        evaluations.inc(units);
    }

    void refused() {
        refused.inc();
    }

    void failed() {
        failed.inc();
    }

    void programRefused() {
        programsRefused.inc();
    }

    void verdict(Verdict.Kind kind) {
        verdicts.get(kind).inc();
    }

    /** Of entities without a type; counted along, and anew by each sweep, because a restored job has not seen them come. */
    void typed(EntityState before, EntityState after) {
        untyped += waits(after) - waits(before);
    }

    void sweepStarts() {
        untypedSeen = 0;
    }

    void swept(EntityState state) {
        untypedSeen += waits(state);
    }

    void sweepEnds() {
        untyped = untypedSeen;
    }

    private static int waits(EntityState state) {
        return state == null || state.isTyped() || state.instances().length == 0 ? 0 : 1;
    }
}
