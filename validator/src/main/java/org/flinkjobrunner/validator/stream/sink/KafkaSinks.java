package org.flinkjobrunner.validator.stream.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** How the job writes Kafka: at least once, because transactions cost a second of latency. */
public final class KafkaSinks {
    /** A dead letter may be the largest record that an input topic takes, with its headers. */
    private static final int MAX_REQUEST_BYTES = 3 << 20;

    private static final Map<String, Object> TUNING = Map.of(
            ProducerConfig.BATCH_SIZE_CONFIG,
            "65536",
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            Integer.toString(MAX_REQUEST_BYTES));

    private KafkaSinks() {}

    /** @param lingerMillis how long a record waits for company: without any, each one is a request of its own */
    public static KafkaSink<OutRecord> of(String bootstrap, int lingerMillis) {
        Properties properties = new Properties();
        properties.putAll(TUNING);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(lingerMillis));
        return KafkaSink.<OutRecord>builder()
                .setBootstrapServers(bootstrap)
                .setKafkaProducerConfig(properties)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer((KafkaRecordSerializationSchema<OutRecord>)
                        (record, context, timestamp) -> producerRecord(record))
                .build();
    }

    private static ProducerRecord<byte[], byte[]> producerRecord(OutRecord record) {
        List<Header> headers = new ArrayList<>(record.headers().size());
        for (OutRecord.Header header : record.headers()) {
            headers.add(new RecordHeader(header.name(), header.value()));
        }
        return new ProducerRecord<>(record.topic(), null, record.key(), record.value(), headers);
    }
}
