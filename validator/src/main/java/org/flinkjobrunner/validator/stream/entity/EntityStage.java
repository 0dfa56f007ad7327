package org.flinkjobrunner.validator.stream.entity;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
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
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.flinkjobrunner.validator.program.Program;
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
import org.flinkjobrunner.validator.wire.ChangeDecoder;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.RecordRefused;

/**
 * Keeps the entities, keyed by id, and judges each by the active program whenever something changes: applies the record,
 * evaluates what it can affect, and hands on how the result differs from what stood.
 *
 * <p>A new program judges from its arrival on; entities that no record touches are judged by the {@link Sweep}. Before the
 * {@link Gate} of the initial load is open, records are only applied, and the sweep behind it judges.
 */
public final class EntityStage extends AbstractStreamOperator<Verdict>
        implements TwoInputStreamOperator<InputRecord, Activation, Verdict>, Sweep.Work, Compiler.Adopter {
    public static final String STAGE = "entity";
    public static final OutputTag<Acknowledgement> ACKNOWLEDGEMENTS =
            new OutputTag<>("acknowledgements", AcknowledgementSerializer.TYPE);
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("refused-by-entity-stage", DeadLetterSerializer.TYPE);

    /** Deletions are remembered so long for records that arrive late. */
    static final long TOMBSTONE_RETENTION_MILLIS = 7L * 24 * 60 * 60 * 1000;

    private static final long serialVersionUID = 1L;

    private final EntityStageSettings settings;
    private final boolean compilesBeside;
    private transient ListState<Activation> activationState;
    private transient ListState<String> gateState;
    /** The newest that arrived; the active one, unless it is being compiled. */
    private transient Activation newest;

    private transient Activation active;
    private transient Judge judge;
    private transient ChangeDecoder decoder;
    private transient EntityStore store;
    private transient Gate gate;
    private transient Sweep sweep;
    private transient Compiler compiler;
    private transient EntityMetrics metrics;
    private transient Verdicts verdicts;
    private transient Delta changed;
    private transient EntityChange change;
    private transient long newestRecord;
    private transient long rechecked;

    public EntityStage(EntityStageSettings settings) {
        this(settings, true);
    }

    /** @param compilesBeside whether records are processed while a program is compiled */
    EntityStage(EntityStageSettings settings, boolean compilesBeside) {
        this.settings = settings;
        this.compilesBeside = compilesBeside;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        activationState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("active", ActivationSerializer.INSTANCE));
        gateState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("gate", StringSerializer.INSTANCE));
        newest = settings.initial();
        gate = new Gate(isReplay() ? List.of() : settings.ends());
        if (context.isRestored()) {
            for (Activation restored : activationState.get()) {
                newest = restored.epoch() >= newest.epoch() ? restored : newest;
            }
            gate.restore(gateState.get());
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        changed = new Delta();
        newestRecord = Long.MIN_VALUE;
        metrics = new EntityMetrics(getMetricGroup(), () -> sweep.left());
        verdicts = new Verdicts(output, metrics);
        boolean inMemory = getKeyedStateBackend() instanceof HeapKeyedStateBackend;
        store = new CellStore(getPartitionedState(CellStore.descriptor()), inMemory);
        MailboxExecutor mailbox = getContainingTask()
                .getMailboxExecutorFactory()
                .createExecutor(getOperatorConfig().getChainIndex());
        sweep = new Sweep(mailbox, getProcessingTimeService(), metrics::records, this);
        compiler = new Compiler(mailbox, this, compilesBeside);
        use(newest, Programs.of(newest));
        // Not here: by then everything downstream is open.
        mailbox.execute(this::begin, "the program of the start");
    }

    private void begin() {
        acknowledge(Acknowledgement.State.ACTIVE);
        startSweep();
    }

    private void use(Activation activation, Program program) {
        judge = new Judge(settings.deployment(), program, metrics);
        decoder = new ChangeDecoder(program.contexts());
        active = activation;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        activationState.update(List.of(newest));
        gateState.update(List.of(gate.note()));
        store.snapshot();
    }

    @Override
    public void close() throws Exception {
        if (compiler != null) {
            compiler.close();
        }
        super.close();
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
        newestRecord = Math.max(newestRecord, record.timestamp());
        EntityState before = store.get();
        EntityState after;
        try {
            after = applied(before, record);
        } catch (RecordRefused e) {
            refuse(record, e.code(), e.hint() == null ? e.getMessage() : e.getMessage() + "; " + e.hint(), e.pointer());
            return;
        } catch (RuntimeException | StackOverflowError e) {
            // A record that meets a mistake of ours must not stop all others; the state is as it was before.
            LOG.error("a record of {} cannot be processed", record.topic(), e);
            metrics.failed();
            refuse(record, "internal-error", e.toString(), null);
            return;
        }
        if (after != before) {
            metrics.typed(before, after);
            store.put(after);
            if (!judge.differences().isEmpty()) {
                verdicts.tell(judge.differences(), record, change, isReplay() ? record.timestamp() : now());
            }
        }
    }

    /** With what it makes of the record; nothing of it has been told or stored. */
    private EntityState applied(EntityState before, InputRecord record) throws RecordRefused {
        judge.start();
        EntityState known = before == null ? EntityState.unknown(record.entityId()) : before;
        change = decoder.decode(record.ofEntity(known.id()));
        changed.clear();
        EntityState after = Changes.apply(known, change, record.order(), changed);
        if (changed.isIgnored()) {
            metrics.ignored();
        }
        if (after == known) {
            return before;
        }
        after = after.expired(record.timestamp() - TOMBSTONE_RETENTION_MILLIS);
        if (!gate.isOpen()) {
            return after.judged(after.standing(), EntityState.UNJUDGED);
        }
        return changed.isNothing() && judge.hasJudged(after) ? after : judge.judge(after, changed);
    }

    private void refuse(InputRecord record, String code, String message, String pointer) {
        metrics.refused();
        output.collect(DEAD_LETTERS, new StreamRecord<>(new DeadLetter(record, code, message, pointer)));
    }

    @Override
    public void processElement2(StreamRecord<Activation> element) throws Exception {
        Activation activation = element.getValue();
        if (activation.epoch() <= newest.epoch()) {
            return;
        }
        newest = activation;
        if (!activation.digest().equals(active.digest())) {
            compiler.compile(activation);
            return;
        }
        active = activation;
        rechecked = sweep.isUnderWay() ? rechecked : 0;
        acknowledge(Acknowledgement.State.ACTIVE);
        if (gate.isOpen() && !sweep.isUnderWay()) {
            acknowledge(Acknowledgement.State.CONVERGED);
        }
    }

    @Override
    public void compiled(Activation activation, Program program) {
        if (activation == newest) {
            use(activation, program);
            rechecked = 0;
            acknowledge(Acknowledgement.State.ACTIVE);
            startSweep();
        }
    }

    @Override
    public void failed(Activation activation, ProgramException why) {
        LOG.error("the program {} of epoch {} cannot be used", activation.digest(), activation.epoch(), why);
        metrics.programRefused();
        if (activation == newest) {
            newest = active;
        }
    }

    private void startSweep() {
        if (!gate.isOpen()) {
            return;
        }
        rechecked = 0;
        metrics.sweepStarts();
        sweep.start(keys());
    }

    private List<String> keys() {
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend().getKeys(CellStore.STATE, VoidNamespace.INSTANCE)) {
            return keys.toList();
        }
    }

    @Override
    public void touch(String key) throws IOException {
        setCurrentKey(key);
        EntityState before = store.glance();
        if (before == null) {
            return;
        }
        EntityState after =
                newestRecord == Long.MIN_VALUE ? before : before.swept(newestRecord - TOMBSTONE_RETENTION_MILLIS);
        judge.start();
        if (!judge.hasJudged(after)) {
            rechecked++;
            after = judged(after);
        }
        metrics.swept(after);
        if (after != before) {
            store.put(after);
            verdicts.tell(judge.differences(), now());
        }
    }

    private EntityState judged(EntityState state) {
        try {
            return judge.judge(state);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("an entity cannot be judged", e);
            metrics.failed();
            judge.start();
            return state;
        }
    }

    @Override
    public void done() {
        metrics.sweepEnds();
        acknowledge(Acknowledgement.State.CONVERGED);
        if (!isReplay()) {
            output.emitWatermark(new Watermark(Clock.LOADED));
        }
    }

    /** A replay ends with what stands as it is then: told once more, for a value that drifted was no news. */
    @Override
    public void finish() throws Exception {
        super.finish();
        if (isReplay()) {
            for (String key : keys()) {
                setCurrentKey(key);
                judged(store.glance().judged(Standing.NONE, EntityState.UNJUDGED));
                verdicts.tell(judge.differences(), now());
            }
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

    private boolean isReplay() {
        return settings.clock() == Clock.RECORDED;
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        if (isReplay()) {
            output.emitWatermark(mark);
        }
    }

    /** Programs have no time. */
    @Override
    public void processWatermark2(Watermark mark) {}

    /** A quiet input does not make this stage's own watermark say less. */
    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {}
}
