package org.flinkjobrunner.validator.batch;

import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Lets the lines of a recording follow each other, and recorded time with them: it never goes back. */
final class RecordingStage extends AbstractStreamOperator<ConsumerRecord<byte[], byte[]>>
        implements OneInputStreamOperator<Long, ConsumerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    private final String id;
    private transient List<ConsumerRecord<byte[], byte[]>> recording;
    private transient long time;

    RecordingStage(String id) {
        this.id = id;
    }

    @Override
    public void open() throws Exception {
        super.open();
        recording = ReplayEnds.recording(id);
        time = Long.MIN_VALUE;
    }

    @Override
    public void processElement(StreamRecord<Long> index) {
        if (index.getValue() >= recording.size()) {
            return; // an empty recording
        }
        ConsumerRecord<byte[], byte[]> record = recording.get(index.getValue().intValue());
        if (record.timestamp() > time) {
            time = record.timestamp();
            // What is due at this very moment waits for the records of the moment.
            output.emitWatermark(new Watermark(time - 1));
        }
        output.collect(new StreamRecord<>(record));
    }
}
