package org.flinkjobrunner.validator.batch;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.Ends;
import org.flinkjobrunner.validator.stream.alert.AlertStage;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.stream.io.ActivationSerializer;
import org.flinkjobrunner.validator.stream.io.EchoSerializer;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.stream.source.KafkaRecordType;

/**
 * The job between a recording and this process. The job runs in the same JVM, but what a job is given it gets by
 * serialization: hence the static map, in which operators find this object again by its id.
 */
final class ReplayEnds implements Ends, AutoCloseable {
    enum Kind {
        /** Transitions of alerts. */
        ALERTS,
        /** The alerts that stand at the end. */
        STANDING,
        OTHERS
    }

    private static final Map<String, ReplayEnds> OPEN = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();
    private final List<ConsumerRecord<byte[], byte[]>> recording;
    private final Map<Kind, Queue<OutRecord>> written = new EnumMap<>(Kind.class);

    ReplayEnds(List<ConsumerRecord<byte[], byte[]>> recording) {
        this.recording = recording;
        for (Kind kind : Kind.values()) {
            written.put(kind, new ConcurrentLinkedQueue<>());
        }
        OPEN.put(id, this);
    }

    static List<ConsumerRecord<byte[], byte[]>> recording(String id) {
        return OPEN.get(id).recording;
    }

    /** What was written, in order. */
    Queue<OutRecord> written(Kind kind) {
        return written.get(kind);
    }

    @Override
    public DataStream<ConsumerRecord<byte[], byte[]>> records(StreamExecutionEnvironment environment) {
        return environment
                .fromSequence(0, Math.max(0, recording.size() - 1))
                .transform("records", KafkaRecordType.INFO, new RecordingStage(id));
    }

    @Override
    public DataStream<Activation> activations(StreamExecutionEnvironment environment) {
        return nothing(environment, ActivationSerializer.TYPE);
    }

    @Override
    public DataStream<Echo> echoes(StreamExecutionEnvironment environment) {
        return nothing(environment, EchoSerializer.TYPE);
    }

    private static <T> DataStream<T> nothing(StreamExecutionEnvironment environment, TypeInformation<T> type) {
        return environment.fromSequence(0, 0).flatMap((number, out) -> {}, type);
    }

    @Override
    public void writeAlerts(SingleOutputStreamOperator<OutRecord> records) {
        records.sinkTo(new Collecting(id, Kind.ALERTS));
        records.getSideOutput(AlertStage.STANDING).sinkTo(new Collecting(id, Kind.STANDING));
    }

    @Override
    public void writeOthers(DataStream<OutRecord> records) {
        records.sinkTo(new Collecting(id, Kind.OTHERS));
    }

    @Override
    public void close() {
        OPEN.remove(id);
    }

    /** Puts records into one of the queues. */
    private record Collecting(String id, Kind kind) implements Sink<OutRecord> {
        @Override
        public SinkWriter<OutRecord> createWriter(WriterInitContext context) {
            Queue<OutRecord> queue = OPEN.get(id).written(kind);
            return new SinkWriter<>() {
                @Override
                public void write(OutRecord record, Context at) {
                    queue.add(record);
                }

                @Override
                public void flush(boolean endOfInput) {
                    // it is where it should be
                }

                @Override
                public void close() {
                    // there is nothing to close
                }
            };
        }
    }
}
