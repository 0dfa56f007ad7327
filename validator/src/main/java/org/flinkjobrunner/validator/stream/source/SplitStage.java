package org.flinkjobrunner.validator.stream.source;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.stream.PartitionEnd;
import org.flinkjobrunner.validator.stream.io.DeadLetterSerializer;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;
import org.flinkjobrunner.validator.wire.RecordRefused;
import org.flinkjobrunner.validator.wire.RecordSplitter;
import org.flinkjobrunner.validator.wire.TopicNames;

/**
 * Makes of each record of Kafka the records of the entities in it, chained to the source. Behind the last record that a
 * partition held when the job was started it sends the markers with which the initial load ends; after a restore it may
 * send them again.
 */
public final class SplitStage extends AbstractStreamOperator<InputRecord>
        implements OneInputStreamOperator<ConsumerRecord<byte[], byte[]>, InputRecord>, RecordSplitter.Output {
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("refused-by-split", DeadLetterSerializer.TYPE);

    private static final long serialVersionUID = 1L;
    private static final String OPERATION = "ngsi-ld-operation";
    private static final String UNKNOWN = "";

    private final TopicNames names;
    private final List<PartitionEnd> ends;
    private transient Map<String, InputTopic> topics;
    private transient Map<TopicPartition, PartitionEnd> ahead;
    private transient String[] markerKeys;
    private transient RecordSplitter splitter;
    private transient StreamRecord<InputRecord> reused;

    public SplitStage(TopicNames names, List<PartitionEnd> ends) {
        this.names = names;
        this.ends = List.copyOf(ends);
    }

    @Override
    public void open() throws Exception {
        super.open();
        topics = new HashMap<>();
        for (InputTopic topic : InputTopic.values()) {
            topics.put(names.of(topic), topic);
        }
        ahead = new HashMap<>();
        for (PartitionEnd end : ends) {
            ahead.put(new TopicPartition(names.of(end.topic()), end.partition()), end);
        }
        markerKeys = markerKeys(getRuntimeContext().getTaskInfo());
        splitter = new RecordSplitter();
        reused = new StreamRecord<>(null);
    }

    /** For each instance of EntityStage, of which there are as many as of this, a key that leads there. */
    private static String[] markerKeys(TaskInfo task) {
        String[] keys = new String[task.getNumberOfParallelSubtasks()];
        for (int found = 0, i = 0; found < keys.length; i++) {
            String key = "marker:" + i;
            int instance = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    key, task.getMaxNumberOfParallelSubtasks(), keys.length);
            if (keys[instance] == null) {
                keys[instance] = key;
                found++;
            }
        }
        return keys;
    }

    @Override
    public void processElement(StreamRecord<ConsumerRecord<byte[], byte[]>> element) {
        ConsumerRecord<byte[], byte[]> record = element.getValue();
        split(record, topics.get(record.topic()));
        if (!ahead.isEmpty()) {
            pass(record);
        }
    }

    private void split(ConsumerRecord<byte[], byte[]> record, InputTopic topic) {
        try {
            splitter.split(inputRecord(record, topic, operation(record)), this);
        } catch (RecordRefused e) {
            refused(inputRecord(record, topic, null), e);
        }
    }

    private static Operation operation(ConsumerRecord<byte[], byte[]> record) throws RecordRefused {
        Header header = record.headers().lastHeader(OPERATION);
        if (header == null) {
            return null;
        }
        String text = header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
        Operation operation = Operation.of(text);
        if (operation == null) {
            throw new RecordRefused(
                    "unknown-operation",
                    null,
                    "the header " + OPERATION + " is none of replace, upsert, update, merge, delete",
                    "correct the header, or leave it out for replace");
        }
        return operation;
    }

    private static InputRecord inputRecord(
            ConsumerRecord<byte[], byte[]> record, InputTopic topic, Operation operation) {
        return new InputRecord(
                topic,
                record.partition(),
                record.offset(),
                record.timestamp(),
                operation,
                UNKNOWN,
                record.key(),
                record.value(),
                false,
                false);
    }

    private void pass(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        PartitionEnd end = ahead.get(partition);
        if (end == null || record.offset() < end.lastOffset()) {
            return;
        }
        ahead.remove(partition);
        for (String key : markerKeys) {
            record(InputRecord.marker(end.topic(), end.partition(), key));
        }
    }

    @Override
    public void record(InputRecord record) {
        output.collect(reused.replace(record));
    }

    @Override
    public void refused(InputRecord record, RecordRefused why) {
        output.collect(
                DEAD_LETTERS, new StreamRecord<>(new DeadLetter(record, why.code(), why.getMessage(), why.pointer())));
    }
}
