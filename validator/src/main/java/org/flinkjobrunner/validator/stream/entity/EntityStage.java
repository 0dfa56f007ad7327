package org.flinkjobrunner.validator.stream.entity;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.flinkjobrunner.validator.program.ProgramException;
import org.flinkjobrunner.validator.stream.Acknowledgement;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.stream.Programs;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.stream.io.AcknowledgementSerializer;
import org.flinkjobrunner.validator.stream.io.ActivationSerializer;
import org.flinkjobrunner.validator.stream.io.DeadLetterSerializer;
import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.ChangeDecoder;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.flinkjobrunner.validator.wire.RecordRefused;

/**
 * Keeps the entities, keyed by id, and judges each by the active program whenever something changes: applies the record,
 * evaluates what it can affect, and hands on how the result differs from what stood.
 *
 * <p>A new program judges from its arrival on; entities that no record touches are judged by the {@link Sweep}. Before the
 * {@link Gate} of the initial load is open, records are only applied, and the sweep behind it judges.
 */
public final class EntityStage extends AbstractStreamOperator<Verdict>
        implements TwoInputStreamOperator<InputRecord, Activation, Verdict> {
    public static final String STAGE = "entity";
    public static final OutputTag<Acknowledgement> ACKNOWLEDGEMENTS =
            new OutputTag<>("acknowledgements", AcknowledgementSerializer.TYPE);
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("refused-by-entity-stage", DeadLetterSerializer.TYPE);

    /** Deletions are remembered so long for records that arrive late. */
    static final long TOMBSTONE_RETENTION_MILLIS = 7L * 24 * 60 * 60 * 1000;

    private static final long serialVersionUID = 1L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EntityStageSettings settings;
    private transient Activation active;
    private transient Judge judge;
    private transient ChangeDecoder decoder;
    private transient EntityStore store;
    private transient Gate gate;
    private transient Sweep sweep;
    private transient EntityMetrics metrics;
    private transient ListState<Activation> activeState;
    private transient ListState<String> gateState;
    private transient Delta delta;
    private transient StreamRecord<Verdict> reused;
    private transient long rechecked;
    /** What the verdicts that are emitted now are due to. */
    private transient RecordOrder cause;

    private transient long eventTime;
    private transient long at;
    private transient int settle;

    public EntityStage(EntityStageSettings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        activeState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("active", ActivationSerializer.INSTANCE));
        gateState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("gate", StringSerializer.INSTANCE));
        active = settings.initial();
        gate = new Gate(settings.clock() == Clock.RECORDED ? List.of() : settings.ends());
        if (context.isRestored()) {
            for (Activation restored : activeState.get()) {
                active = restored.epoch() > active.epoch() ? restored : active;
            }
            gate.restore(gateState.get());
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        delta = new Delta();
        reused = new StreamRecord<>(null);
        metrics = new EntityMetrics(getMetricGroup(), () -> sweep.left());
        boolean inMemory = getKeyedStateBackend() instanceof HeapKeyedStateBackend;
        store = new EntityStore(getPartitionedState(EntityStore.descriptor()), inMemory);
        var mailbox = getContainingTask()
                .getMailboxExecutorFactory()
                .createExecutor(getOperatorConfig().getChainIndex());
        sweep = new Sweep(mailbox, new Sweep.Work() {
            @Override
            public void touch(String key) throws Exception {
                recheck(key);
            }

            @Override
            public void done() {
                converged();
            }
        });
        use(active);
        // Not here: downstream of the mailbox everything is open.
        mailbox.execute(this::begin, "the program of the start");
    }

    private void begin() {
        acknowledge(Acknowledgement.State.ACTIVE);
        startSweep();
    }

    private void use(Activation activation) throws ProgramException {
        judge = new Judge(settings.deployment(), Programs.of(activation));
        decoder = new ChangeDecoder(judge.program().contexts());
        active = activation;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        activeState.update(List.of(active));
        gateState.update(List.of(gate.note()));
    }

    @Override
    public void processElement1(StreamRecord<InputRecord> element) throws Exception {
        InputRecord record = element.getValue();
        if (record.marker()) {
            if (gate.pass(record)) {
                startSweep();
            }
            return;
        }
        metrics.record();
        try {
            apply(record);
        } catch (RecordRefused e) {
            refuse(record, e.code(), e.hint() == null ? e.getMessage() : e.getMessage() + "; " + e.hint(), e.pointer());
        } catch (RuntimeException | StackOverflowError e) {
            // A record that meets a mistake of ours must not stop all others; the state is as it was before.
            LOG.error("a record of {} cannot be processed", record.topic(), e);
            refuse(record, "internal-error", e.toString(), null);
        }
    }

    private void apply(InputRecord record) throws RecordRefused, IOException {
        EntityChange change = decoder.decode(record);
        EntityState before = store.get();
        EntityState known = before == null ? EntityState.unknown(record.entityId()) : before;
        RecordOrder order = record.order();
        delta.clear();
        EntityState after = Changes.apply(known, change, order, delta);
        if (delta.isIgnored()) {
            metrics.ignored();
        }
        if (after == known) {
            return;
        }
        if (gate.isOpen() && (!delta.isNothing() || !judge.hasJudged(after))) {
            causedBy(record, change, order);
            after = judge.judge(after, delta, this::tell);
        } else if (!delta.isNothing()) {
            after = after.judged(after.standing(), EntityState.UNJUDGED);
        }
        if (after.floor() != null) {
            after = after.expired(order.timestamp() - TOMBSTONE_RETENTION_MILLIS);
        }
        store.put(after);
    }

    private void causedBy(InputRecord record, EntityChange change, RecordOrder order) {
        cause = order;
        settle = Settle.of(record);
        eventTime = eventTime(change, record);
        at = settings.clock() == Clock.RECORDED ? record.timestamp() : now();
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

    private void tell(String alertId, Verdict.Kind kind, Alert alert) {
        metrics.verdict(kind);
        output.collect(reused.replace(new Verdict(alertId, kind, alert, eventTime, at, settle, cause)));
    }

    private void refuse(InputRecord record, String code, String message, String pointer) {
        metrics.refused();
        output.collect(DEAD_LETTERS, new StreamRecord<>(new DeadLetter(record, code, message, pointer)));
    }

    @Override
    public void processElement2(StreamRecord<Activation> element) throws Exception {
        Activation activation = element.getValue();
        if (activation.epoch() <= active.epoch()) {
            return;
        }
        try {
            use(activation);
        } catch (ProgramException e) {
            LOG.error("the program {} of epoch {} cannot be used", activation.digest(), activation.epoch(), e);
            metrics.programRefused();
            return;
        }
        rechecked = 0;
        acknowledge(Acknowledgement.State.ACTIVE);
        startSweep();
    }

    private void startSweep() {
        if (!gate.isOpen()) {
            return;
        }
        rechecked = 0;
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend().getKeys(EntityStore.NAME, VoidNamespace.INSTANCE)) {
            sweep.start(keys.toList());
        }
    }

    private void recheck(String key) throws IOException {
        setCurrentKey(key);
        EntityState before = store.get();
        if (before == null) {
            return;
        }
        EntityState after = before.expired(now() - TOMBSTONE_RETENTION_MILLIS);
        if (!judge.hasJudged(after)) {
            rechecked++;
            cause = null;
            settle = Settle.AT_ONCE;
            at = now();
            eventTime = at;
            after = judge.judge(after, this::tell);
        }
        if (after != before) {
            store.put(after);
        }
    }

    /** A replay ends with what stands as it is then: told once more, for a value that drifted was no news. */
    @Override
    public void finish() throws Exception {
        super.finish();
        if (settings.clock() == Clock.RECORDED) {
            try (Stream<String> keys =
                    this.<String>getKeyedStateBackend().getKeys(EntityStore.NAME, VoidNamespace.INSTANCE)) {
                for (String key : keys.toList()) {
                    setCurrentKey(key);
                    judge.judge(store.get().judged(Standing.NONE, EntityState.UNJUDGED), this::tell);
                }
            }
        }
    }

    private void converged() {
        acknowledge(Acknowledgement.State.CONVERGED);
        if (settings.clock() == Clock.WALL) {
            output.emitWatermark(new Watermark(Clock.LOADED));
        }
    }

    private void acknowledge(Acknowledgement.State state) {
        var task = getRuntimeContext().getTaskInfo();
        Acknowledgement acknowledgement = new Acknowledgement(
                settings.deployment(),
                STAGE,
                task.getIndexOfThisSubtask(),
                task.getNumberOfParallelSubtasks(),
                active.epoch(),
                active.digest(),
                state,
                rechecked,
                now());
        output.collect(ACKNOWLEDGEMENTS, new StreamRecord<>(acknowledgement));
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        if (settings.clock() == Clock.RECORDED) {
            output.emitWatermark(mark);
        }
    }

    /** Programs have no time. */
    @Override
    public void processWatermark2(Watermark mark) {}
}
