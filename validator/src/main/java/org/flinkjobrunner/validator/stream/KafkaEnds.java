package org.flinkjobrunner.validator.stream;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.stream.io.ActivationSerializer;
import org.flinkjobrunner.validator.stream.io.EchoSerializer;
import org.flinkjobrunner.validator.stream.sink.KafkaSinks;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.stream.source.EchoStage;
import org.flinkjobrunner.validator.stream.source.KafkaSources;
import org.flinkjobrunner.validator.stream.source.KafkaSources.Company;
import org.flinkjobrunner.validator.stream.source.ProgramAssembler;

/** The job between its topics. */
final class KafkaEnds implements Ends {
    private static final int ALERTS_LINGER_MILLIS = 5;
    /** Copies of alerts for other systems, dead letters, acknowledgements: nobody notices so little. */
    private static final int OTHERS_LINGER_MILLIS = 25;

    private final JobOptions options;
    private final long initialEpoch;
    private final Map<Integer, Long> alertEnds;

    /** @param alertEnds the last record of each partition of the alert topic */
    KafkaEnds(JobOptions options, long initialEpoch, Map<Integer, Long> alertEnds) {
        this.options = options;
        this.initialEpoch = initialEpoch;
        this.alertEnds = alertEnds;
    }

    @Override
    public DataStream<ConsumerRecord<byte[], byte[]>> records(StreamExecutionEnvironment environment) {
        return read(environment, "records", options.inputTopics(), "", Company.NONE);
    }

    @Override
    public DataStream<Activation> activations(StreamExecutionEnvironment environment) {
        return one(one(read(environment, "programs", List.of(options.topics().programs()), "-programs", Company.NONE))
                .transform(
                        "programs-assemble",
                        ActivationSerializer.TYPE,
                        new ProgramAssembler(options.deployment(), initialEpoch))
                .uid("programs-assemble"));
    }

    @Override
    public DataStream<Echo> echoes(StreamExecutionEnvironment environment) {
        // Nothing waits for an echo of our own: asking for each alert alone would cost as much as writing it.
        return one(one(read(environment, "echoes", List.of(options.topics().alerts()), "-echoes", Company.LARGE))
                        .transform("echoes-select", EchoSerializer.TYPE, new EchoStage(options.deployment(), alertEnds))
                        .uid("echoes-select"))
                .setBufferTimeout(ValidatorJob.UNHURRIED_MILLIS);
    }

    @Override
    public void writeAlerts(SingleOutputStreamOperator<OutRecord> alerts) {
        alerts.sinkTo(KafkaSinks.of(options.bootstrap(), ALERTS_LINGER_MILLIS))
                .name("alerts-write")
                .uid("alerts-write");
    }

    @Override
    public void writeOthers(DataStream<OutRecord> others) {
        others.sinkTo(KafkaSinks.of(options.bootstrap(), OTHERS_LINGER_MILLIS))
                .name("others-write")
                .uid("others-write");
    }

    private SingleOutputStreamOperator<ConsumerRecord<byte[], byte[]>> read(
            StreamExecutionEnvironment environment,
            String name,
            List<String> topics,
            String groupSuffix,
            Company company) {
        return environment
                .fromSource(
                        KafkaSources.of(options.bootstrap(), options.group() + groupSuffix, topics, company),
                        WatermarkStrategy.noWatermarks(),
                        name)
                .uid(name);
    }

    private static <T> SingleOutputStreamOperator<T> one(SingleOutputStreamOperator<T> operator) {
        return operator.setParallelism(1).setMaxParallelism(1);
    }
}
