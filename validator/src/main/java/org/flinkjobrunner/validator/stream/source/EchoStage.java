package org.flinkjobrunner.validator.stream.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.alert.AlertHeaders;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.wire.AlertTransition;

/**
 * Reads the alert topic back: the records of this deployment, whoever wrote them. There is one instance. When it has
 * read what the topic held at the start of the job it says so by the watermark {@link Clock#LOADED}.
 */
public final class EchoStage extends AbstractStreamOperator<Echo>
        implements OneInputStreamOperator<ConsumerRecord<byte[], byte[]>, Echo> {
    private static final long serialVersionUID = 1L;

    private final byte[] deployment;
    private final HashMap<Integer, Long> ends;
    private transient Map<Integer, Long> ahead;
    private transient ListState<Integer> passed;

    /** @param ends the offset of the last record of each partition that is not empty */
    public EchoStage(String deployment, Map<Integer, Long> ends) {
        this.deployment = deployment.getBytes(StandardCharsets.UTF_8);
        this.ends = new HashMap<>(ends);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        passed = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("passed", IntSerializer.INSTANCE));
        ahead = new HashMap<>(ends);
        for (int partition : passed.get()) {
            ahead.remove(partition);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        if (ahead.isEmpty()) {
            // Not from here: the operators behind this one may not be open yet.
            processingTimeService.registerTimer(processingTimeService.getCurrentProcessingTime(), now -> readBack());
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        ArrayList<Integer> behind = new ArrayList<>(ends.keySet());
        behind.removeAll(ahead.keySet());
        passed.update(behind);
    }

    @Override
    public void processElement(StreamRecord<ConsumerRecord<byte[], byte[]>> element) {
        ConsumerRecord<byte[], byte[]> record = element.getValue();
        Echo echo = echo(record);
        if (echo != null) {
            output.collect(new StreamRecord<>(echo));
        }
        Long end = ahead.get(record.partition());
        if (end != null && record.offset() >= end) {
            ahead.remove(record.partition());
            if (ahead.isEmpty()) {
                readBack();
            }
        }
    }

    private void readBack() {
        output.emitWatermark(new Watermark(Clock.LOADED));
    }

    /** @return null for what is not ours */
    private Echo echo(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return null;
        }
        String alertId = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            return Echo.tombstone(
                    alertId); // whose it is, only its id tells: AlertStage knows nothing of those of others
        }
        Header header = record.headers().lastHeader(AlertHeaders.DEPLOYMENT);
        if (header == null || !Arrays.equals(header.value(), deployment)) {
            return null;
        }
        AlertTransition.State state = AlertTransition.State.of(text(record, AlertHeaders.STATE));
        String attempt = text(record, AlertHeaders.ATTEMPT);
        long sequence = number(text(record, AlertHeaders.SEQUENCE));
        return state == null || attempt == null || sequence < 1
                ? null
                : new Echo(alertId, attempt, sequence, state, record.value());
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1; // somebody else's record
        }
    }
}
