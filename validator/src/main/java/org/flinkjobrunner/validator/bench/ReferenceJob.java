package org.flinkjobrunner.validator.bench;

import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the jobs have in common that the product is measured against. */
final class ReferenceJob {
    private final String bootstrap;
    private final String input;
    private final String echoes;
    private final String output;
    final StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();

    ReferenceJob(String[] arguments) {
        ParameterTool options = ParameterTool.fromArgs(arguments);
        bootstrap = options.getRequired("bootstrap");
        input = options.getRequired("input");
        echoes = options.getRequired("echoes");
        output = options.getRequired("output");
        environment.getConfig().enableObjectReuse();
    }

    DataStream<byte[]> source() {
        KafkaSource<byte[]> source = KafkaSource.<byte[]>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(input)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperty("partition.discovery.interval.ms", "-1")
                .setDeserializer(new Frame.Deserializer())
                .build();
        return environment.fromSource(source, WatermarkStrategy.noWatermarks(), "updates");
    }

    /** Sentinels go to the topic of echoes, everything else to the output. */
    KafkaSink<byte[]> sink() {
        String sentinelTopic = echoes;
        String topic = output;
        Properties properties = new Properties();
        properties.putAll(Map.of("linger.ms", "1", "batch.size", "65536"));
        return KafkaSink.<byte[]>builder()
                .setBootstrapServers(bootstrap)
                .setKafkaProducerConfig(properties)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(
                        (KafkaRecordSerializationSchema<byte[]>) (frame, context, timestamp) -> new ProducerRecord<>(
                                Frame.isSentinel(frame) ? sentinelTopic : topic, Frame.key(frame), Frame.value(frame)))
                .build();
    }
}
