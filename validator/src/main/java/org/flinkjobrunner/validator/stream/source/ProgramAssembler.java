package org.flinkjobrunner.validator.stream.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.io.ControlRecordSerializer;

/** Makes activations of the records of the control topic. There is one instance, behind a source of parallelism 1. */
public final class ProgramAssembler extends AbstractStreamOperator<Activation>
        implements OneInputStreamOperator<ConsumerRecord<byte[], byte[]>, Activation> {
    private static final long serialVersionUID = 1L;

    private final String deployment;
    private final long initialEpoch;
    private transient ProgramParts programs;
    private transient ListState<ControlRecord> kept;
    private transient Counter unusable;

    /** @param initialEpoch of the program that the job starts with */
    public ProgramAssembler(String deployment, long initialEpoch) {
        this.deployment = deployment;
        this.initialEpoch = initialEpoch;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        unusable = getMetricGroup().counter("unusable");
        programs = new ProgramParts(deployment, initialEpoch, ProgramParts.MAX_BYTES, problem -> {
            unusable.inc();
            LOG.warn("The control topic holds what cannot be used: {}", problem);
        });
        kept = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("control", ControlRecordSerializer.INSTANCE));
        List<ProgramParts.Part> parts = new ArrayList<>();
        long epoch = 0;
        byte[] waiting = null;
        for (ControlRecord record : kept.get()) {
            if (record.digest() == null) {
                epoch = record.number();
                waiting = record.value();
            } else {
                parts.add(new ProgramParts.Part(record.digest(), (int) record.number(), record.value()));
            }
        }
        programs.restore(epoch, waiting, parts);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<ControlRecord> records = new ArrayList<>();
        records.add(new ControlRecord(null, programs.lastEpoch(), programs.waiting()));
        for (ProgramParts.Part part : programs.parts()) {
            records.add(new ControlRecord(part.digest(), part.number(), part.bytes()));
        }
        kept.update(records);
    }

    @Override
    public void processElement(StreamRecord<ConsumerRecord<byte[], byte[]>> element) {
        ConsumerRecord<byte[], byte[]> record = element.getValue();
        if (record.key() == null) {
            return;
        }
        Activation activation = programs.accept(new String(record.key(), StandardCharsets.UTF_8), record.value());
        if (activation != null) {
            LOG.info("Epoch {}: program {}", activation.epoch(), activation.digest());
            output.collect(new StreamRecord<>(activation));
        }
    }
}
