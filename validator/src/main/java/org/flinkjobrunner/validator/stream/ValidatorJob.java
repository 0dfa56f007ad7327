package org.flinkjobrunner.validator.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.Consumer;
import org.flinkjobrunner.validator.stream.alert.AlertSettings;
import org.flinkjobrunner.validator.stream.alert.AlertStage;
import org.flinkjobrunner.validator.stream.alert.Contribution;
import org.flinkjobrunner.validator.stream.alert.ContributorStage;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.stream.entity.EntityStage;
import org.flinkjobrunner.validator.stream.entity.EntityStageSettings;
import org.flinkjobrunner.validator.stream.io.InputRecordSerializer;
import org.flinkjobrunner.validator.stream.io.OutRecordSerializer;
import org.flinkjobrunner.validator.stream.io.TextSerializer;
import org.flinkjobrunner.validator.stream.io.VerdictSerializer;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.stream.sink.OutRecords;
import org.flinkjobrunner.validator.stream.source.InitialProgram;
import org.flinkjobrunner.validator.stream.source.KafkaSources;
import org.flinkjobrunner.validator.stream.source.PartitionEnds;
import org.flinkjobrunner.validator.stream.source.SplitStage;
import org.flinkjobrunner.validator.wire.InputRecord;

/** The Flink job: what it validates is no part of it, but arrives as a program. The whole graph is {@link #build}. */
public final class ValidatorJob {
    private static final Duration PROGRAM_PATIENCE = Duration.ofSeconds(30);
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(5);
    /** Where no alert waits for it: each stage that hands on what it has 200 times a second costs one per cent of a core. */
    static final long UNHURRIED_MILLIS = 25;

    private ValidatorJob() {}

    public static void main(String[] arguments) throws Exception {
        JobOptions options = JobOptions.parse(arguments);
        JobSettings settings;
        Map<Integer, Long> alertEnds;
        try (Consumer<byte[], byte[]> consumer = KafkaSources.consumer(options.bootstrap())) {
            Topics topics = options.topics();
            PartitionEnds ends = new PartitionEnds(consumer);
            alertEnds = ends.of(topics.alerts());
            settings = new JobSettings(
                    options.deployment(),
                    Clock.WALL,
                    topics,
                    inputEnds(options, ends),
                    InitialProgram.read(consumer, topics.programs(), options.deployment(), PROGRAM_PATIENCE),
                    options.sources().contains(Family.IFF));
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration(options));
        build(environment, settings, new KafkaEnds(options, settings.initial().epoch(), alertEnds));
        environment.execute(options.jobName());
    }

    /** The graph: records to their entities, verdicts to their alerts, and out. */
    public static void build(StreamExecutionEnvironment environment, JobSettings settings, Ends ends) {
        Topics topics = settings.topics();
        SingleOutputStreamOperator<InputRecord> records = ends.records(environment)
                .transform(
                        "records-split", InputRecordSerializer.TYPE, new SplitStage(topics.inputs(), settings.ends()))
                .uid("records-split");
        DataStream<Activation> activations = ends.activations(environment);
        SingleOutputStreamOperator<Verdict> verdicts = records.keyBy(InputRecord::entityId, TextSerializer.TYPE)
                .connect(activations.broadcast())
                .transform("entity", VerdictSerializer.TYPE, new EntityStage(entitySettings(settings)))
                .uid("entity");
        SingleOutputStreamOperator<OutRecord> alerts = verdicts.keyBy(Verdict::alertId, TextSerializer.TYPE)
                .connect(ends.echoes(environment).keyBy(Echo::alertId, TextSerializer.TYPE))
                .transform("alert", OutRecordSerializer.TYPE, new AlertStage(alertSettings(settings)))
                .uid("alert")
                .setBufferTimeout(UNHURRIED_MILLIS); // alerts themselves are not sent on, but written
        ends.writeAlerts(alerts);

        OutRecords outRecords = new OutRecords(topics.status(), topics.deadLetters(), topics.inputs());
        DataStream<OutRecord> others = verdicts.getSideOutput(EntityStage.ACKNOWLEDGEMENTS)
                .map(outRecords::of, OutRecordSerializer.TYPE)
                .uid("acknowledgements")
                .union(
                        verdicts.getSideOutput(EntityStage.DEAD_LETTERS)
                                .map(outRecords::of, OutRecordSerializer.TYPE)
                                .uid("refused-by-entity"),
                        records.getSideOutput(SplitStage.DEAD_LETTERS)
                                .map(outRecords::of, OutRecordSerializer.TYPE)
                                .uid("refused-by-split"));
        ends.writeOthers(settings.iff() ? others.union(iffAlerts(alerts, topics)) : others);
    }

    private static DataStream<OutRecord> iffAlerts(SingleOutputStreamOperator<OutRecord> alerts, Topics topics) {
        return alerts.getSideOutput(AlertStage.CONTRIBUTIONS)
                .keyBy(Contribution::key, TextSerializer.TYPE)
                .process(new ContributorStage(topics.iffAlerts(), topics.iffBulkAlerts()), OutRecordSerializer.TYPE)
                .name("contributors")
                .uid("contributors")
                .setBufferTimeout(UNHURRIED_MILLIS);
    }

    private static EntityStageSettings entitySettings(JobSettings settings) {
        return new EntityStageSettings(settings.deployment(), settings.clock(), settings.ends(), settings.initial());
    }

    private static AlertSettings alertSettings(JobSettings settings) {
        Topics topics = settings.topics();
        return new AlertSettings(
                settings.deployment(), settings.clock(), topics.alerts(), topics.inputs(), settings.iff());
    }

    private static Configuration configuration(JobOptions options) {
        Configuration configuration = settings(new Configuration());
        configuration.set(PipelineOptions.MAX_PARALLELISM, options.maxParallelism());
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, options.parallelism());
        if (options.checkpointInterval() > 0) {
            configuration.set(
                    CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(options.checkpointInterval()));
        }
        return configuration;
    }

    /** What the job needs wherever it runs. */
    public static Configuration settings(Configuration configuration) {
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, false); // markers and verdicts keep their order
        return configuration;
    }

    private static List<PartitionEnd> inputEnds(JobOptions options, PartitionEnds ends) {
        List<PartitionEnd> found = new ArrayList<>();
        options.inputs().forEach(topic -> ends.of(options.topics().inputs().of(topic))
                .forEach((partition, offset) -> found.add(new PartitionEnd(topic, partition, offset))));
        return found;
    }
}
