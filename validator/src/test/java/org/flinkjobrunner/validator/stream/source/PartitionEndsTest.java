package org.flinkjobrunner.validator.stream.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionEndsTest {
    private static final String TOPIC = "ngsi-ld.entities";
    private static final Node[] NODES = {};

    private static MockConsumer<byte[], byte[]> consumer(long begin, long end, long... offsets) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized void seek(TopicPartition to, long offset) {
                super.seek(to, offset);
                // What a broker would give from there; behind the last record its position is the end.
                schedulePollTask(() -> {
                    LongStream.of(offsets)
                            .filter(one -> one >= offset)
                            .forEach(one -> addRecord(new ConsumerRecord<>(TOPIC, 0, one, null, new byte[0])));
                    schedulePollTask(() -> super.seek(to, end));
                });
            }
        };
        consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, NODES, NODES)));
        consumer.updateBeginningOffsets(Map.of(partition, begin));
        consumer.updateEndOffsets(Map.of(partition, end));
        return consumer;
    }

    @Test
    void theLastRecord() {
        assertThat(new PartitionEnds(consumer(0, 3, 0, 1, 2)).of(TOPIC)).isEqualTo(Map.of(0, 2L));
    }

    @Test
    void markersOfTransactionsAreNoRecords() {
        assertThat(new PartitionEnds(consumer(0, 5, 0, 1)).of(TOPIC)).isEqualTo(Map.of(0, 1L));
    }

    @Test
    void aLongTailWithoutRecordsIsReadBack() {
        assertThat(new PartitionEnds(consumer(0, 5_000, 3)).of(TOPIC)).isEqualTo(Map.of(0, 3L));
    }

    @Test
    void aPartitionWithoutRecordsHasNone() {
        assertThat(new PartitionEnds(consumer(0, 0)).of(TOPIC)).isEmpty();
        assertThat(new PartitionEnds(consumer(7, 7)).of(TOPIC)).isEmpty();
        assertThat(new PartitionEnds(consumer(7, 100)).of(TOPIC)).isEmpty();
    }

    @Test
    void aMissingTopicIsNamed() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        assertThatThrownBy(() -> new PartitionEnds(consumer).of(TOPIC))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(TOPIC)
                .hasMessageContaining("setup");
    }
}
