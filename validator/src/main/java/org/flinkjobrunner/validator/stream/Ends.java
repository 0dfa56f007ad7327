package org.flinkjobrunner.validator.stream;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.stream.sink.OutRecord;

/** Where the job's graph begins and ends: Kafka, or the recording of a replay. */
public interface Ends {
    /** The input topics. */
    DataStream<ConsumerRecord<byte[], byte[]>> records(StreamExecutionEnvironment environment);

    /** Programs that become active after the start. */
    DataStream<Activation> activations(StreamExecutionEnvironment environment);

    /** The alert topic, read back. */
    DataStream<Echo> echoes(StreamExecutionEnvironment environment);

    void writeAlerts(SingleOutputStreamOperator<OutRecord> alerts);

    /** Acknowledgements, dead letters, IndustryFusion alerts. */
    void writeOthers(DataStream<OutRecord> others);
}
