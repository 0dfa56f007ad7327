package org.flinkjobrunner.validator.stream.alert;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.stream.io.AlertCodec;
import org.flinkjobrunner.validator.stream.io.AlertStateSerializer;
import org.flinkjobrunner.validator.stream.io.ContributionSerializer;
import org.flinkjobrunner.validator.stream.io.OutRecordSerializer;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.wire.AlertDocument;
import org.flinkjobrunner.validator.wire.AlertTransition;

/**
 * Makes transitions of what EntityStage says, keyed by alert id: whenever the alert topic says something else than what
 * stands, a record is written, at once or when the difference has lasted for a while.
 *
 * <p>It lasts: a raise, {@code settle}; a contradiction of the topic, because another attempt wrote to it,
 * {@link #PATIENCE_MILLIS}; and whatever is found before the initial load is over and the topic has been read back,
 * until then. So there is one timer at most, and it is dropped when the difference is.
 */
public final class AlertStage extends AbstractStreamOperator<OutRecord>
        implements TwoInputStreamOperator<Verdict, Echo, OutRecord>, Triggerable<String, VoidNamespace> {
    public static final OutputTag<Contribution> CONTRIBUTIONS =
            new OutputTag<>("contributions", ContributionSerializer.TYPE);

    /** At the end of a replay: the alerts that stand. */
    public static final OutputTag<OutRecord> STANDING = new OutputTag<>("standing", OutRecordSerializer.TYPE);

    /**
     * After a restore the job judges again what the crashed attempt had judged since the checkpoint, and in most cases
     * comes to say what the topic says already. Correcting at once would clear and raise alerts for nothing.
     */
    static final long PATIENCE_MILLIS = 5_000;

    private static final long serialVersionUID = 1L;
    private static final String STATE = "alert";

    private final AlertSettings settings;
    private transient ValueState<AlertState> state;
    private transient ListState<Boolean> loadedState;
    private transient Waiting waiting;
    private transient AlertRecords records;
    private transient Counter transitions;
    private transient Counter contradictions;
    private transient boolean loaded;

    public AlertStage(AlertSettings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        loadedState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("loaded", BooleanSerializer.INSTANCE));
        loaded = settings.clock() == Clock.RECORDED;
        if (context.isRestored()) {
            boolean all = true;
            for (boolean one : loadedState.get()) {
                all &= one;
            }
            loaded |= all;
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        state = getPartitionedState(new ValueStateDescriptor<>(STATE, AlertStateSerializer.INSTANCE));
        waiting = new Waiting(
                settings.clock(), getInternalTimerService("settle", VoidNamespaceSerializer.INSTANCE, this));
        records = new AlertRecords(settings);
        transitions = getMetricGroup().counter("transitions");
        contradictions = getMetricGroup().counter("contradictions");
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        loadedState.update(List.of(loaded));
    }

    @Override
    public void processElement1(StreamRecord<Verdict> element) throws Exception {
        Verdict verdict = element.getValue();
        if (verdict.kind() == Verdict.Kind.CLEAR) {
            clear(verdict);
        } else {
            raise(verdict);
        }
    }

    private void raise(Verdict verdict) throws IOException {
        AlertState before = read();
        AlertState now = before.raised(verdict);
        if (before.told() == null) {
            if (now.waits()) {
                write(now);
            } else if (loaded && verdict.settleMillis() == 0) {
                publish(now, waiting.plantTime(verdict));
            } else {
                write(waiting.begin(now, loaded ? waiting.settled(verdict) : Clock.LOADED));
            }
        } else if (verdict.kind() == Verdict.Kind.UPDATE ? !now.tellsStanding() : now.isNews()) {
            if (loaded) {
                publish(now, waiting.plantTime(verdict));
            } else {
                write(waiting.begin(now, Clock.LOADED));
            }
        } else {
            write(waiting.end(now));
        }
    }

    private void clear(Verdict verdict) throws IOException {
        AlertState now = read().said(null, verdict.eventTime(), verdict.cause());
        if (now.told() == null) {
            write(waiting.end(now));
        } else if (loaded) {
            publish(now, waiting.plantTime(verdict));
        } else {
            write(waiting.begin(now, Clock.LOADED));
        }
    }

    @Override
    public void processElement2(StreamRecord<Echo> element) throws Exception {
        Echo echo = element.getValue();
        if (records.wrote(echo)) {
            return;
        }
        AlertState now = heard(echo, read());
        if (!now.isNews()) {
            write(waiting.end(now));
        } else if (now.waits()) {
            write(now);
        } else {
            contradictions.inc();
            write(waiting.begin(now, loaded ? waiting.now() + PATIENCE_MILLIS : Clock.LOADED));
        }
    }

    private AlertState heard(Echo echo, AlertState before) {
        if (echo.isTombstone()) {
            return before.told(null, before.standing() == null ? 0 : before.sequence(), 0, before.updatedAt());
        }
        AlertTransition transition;
        try {
            transition = AlertDocument.read(echo.event());
        } catch (IOException e) {
            LOG.warn("alert {}: its record in {} cannot be read back", echo.alertId(), settings.topic(), e);
            return before;
        }
        boolean stands = transition.state().stands();
        contribute(transition); // no state has it, unless by chance
        AlertState said = before.standing() == null ? before.said(null, transition.eventTime(), null) : before;
        return said.told(
                stands ? AlertCodec.toBytes(transition.alert()) : null,
                Math.max(before.sequence(), echo.sequence()),
                transition.raisedAt(),
                transition.updatedAt());
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        fire(timer.getTimestamp());
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        fire(timer.getTimestamp());
    }

    private void fire(long time) throws IOException {
        AlertState now = read();
        if (now.due() != time) {
            return;
        }
        now = now.due(AlertState.NOT_DUE);
        if (now.isNews()) {
            publish(now, waiting.fired(time));
        } else {
            write(now);
        }
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        if (settings.clock() == Clock.RECORDED) {
            processWatermark(mark); // there is nothing to read back, so nothing to wait for
        } else {
            super.processWatermark1(mark);
        }
    }

    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (settings.clock() == Clock.WALL) {
            super.processWatermark2(mark);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        loaded |= mark.getTimestamp() >= Clock.LOADED;
        super.processWatermark(mark);
    }

    /** A replay ends with what stands as it is then: that a value drifted was no news. */
    @Override
    public void finish() throws Exception {
        super.finish();
        if (settings.clock() == Clock.RECORDED) {
            try (Stream<String> ids = this.<String>getKeyedStateBackend().getKeys(STATE, VoidNamespace.INSTANCE)) {
                for (String id : ids.toList()) {
                    setCurrentKey(id);
                    tellStanding(id, read());
                }
            }
        }
    }

    private void tellStanding(String alertId, AlertState now) {
        if (now.standing() != null && now.told() != null) {
            output.collect(
                    STANDING,
                    new StreamRecord<>(records.of(new AlertTransition(
                            alertId,
                            AlertTransition.State.RAISED,
                            now.sequence(),
                            AlertCodec.fromBytes(now.standing()),
                            now.eventTime(),
                            now.raisedAt(),
                            now.updatedAt(),
                            now.cause()))));
        }
    }

    private void publish(AlertState news, long at) throws IOException {
        AlertState now = waiting.end(news);
        byte[] content = now.standing() == null ? now.told() : now.standing();
        long time = Math.max(at, now.updatedAt()); // clocks of several machines differ a little
        long raisedAt = now.told() == null ? time : now.raisedAt();
        AlertState told = now.told(now.standing(), now.sequence() + 1, raisedAt, time);
        write(told);
        transitions.inc();
        emit(new AlertTransition(
                (String) getCurrentKey(),
                transition(now),
                told.sequence(),
                AlertCodec.fromBytes(content),
                now.eventTime(),
                raisedAt,
                time,
                now.cause()));
    }

    private static AlertTransition.State transition(AlertState now) {
        if (now.standing() == null) {
            return AlertTransition.State.CLEARED;
        }
        return now.told() == null ? AlertTransition.State.RAISED : AlertTransition.State.UPDATED;
    }

    private void emit(AlertTransition transition) {
        output.collect(new StreamRecord<>(records.of(transition)));
        contribute(transition);
    }

    private void contribute(AlertTransition transition) {
        if (settings.contributions()) {
            output.collect(CONTRIBUTIONS, new StreamRecord<>(Contribution.of(transition)));
        }
    }

    private AlertState read() throws IOException {
        AlertState known = state.value();
        return known == null ? AlertState.UNKNOWN : known;
    }

    private void write(AlertState now) throws IOException {
        if (now.isNothing()) {
            state.clear();
        } else {
            state.update(now);
        }
    }
}
