package org.flinkjobrunner.validator.stream.source;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How the job reads Kafka. */
public final class KafkaSources {
    /** What was not committed was not said: a transaction that is aborted must raise no alert. */
    private static final String ISOLATION = "read_committed";

    private static final Map<String, String> TUNING = Map.of(
            // The topics are there when the job is submitted, and all their partitions.
            "partition.discovery.interval.ms",
            "-1",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ISOLATION,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            "100",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            "2000");

    private KafkaSources() {}

    /** What has arrived is handed over at once, or waits for company until so many bytes or 100 ms have passed. */
    public enum Company {
        NONE("1"),
        LARGE("65536");

        private final String bytes;

        Company(String bytes) {
            this.bytes = bytes;
        }
    }

    /** @param group under which Kafka's tools show the lag; where to begin is Flink's state, else the beginning */
    public static KafkaSource<ConsumerRecord<byte[], byte[]>> of(
            String bootstrap, String group, List<String> topics, Company company) {
        Properties properties = new Properties();
        properties.putAll(TUNING);
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, company.bytes);
        return KafkaSource.<ConsumerRecord<byte[], byte[]>>builder()
                .setBootstrapServers(bootstrap)
                .setGroupId(group)
                .setTopics(topics)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperties(properties)
                .setDeserializer(new PassThrough())
                .build();
    }

    /** For what has to be known before the job starts; it sees what the job will see. */
    public static Consumer<byte[], byte[]> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        ISOLATION,
                        // A request for other partitions waits behind the one before.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        10,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
