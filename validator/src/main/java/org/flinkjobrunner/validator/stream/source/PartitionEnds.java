package org.flinkjobrunner.validator.stream.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Finds the last record of every partition that holds one. */
public final class PartitionEnds {
    private static final long FIRST_STEP = 16;
    private static final long STEP_FACTOR = 8;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

    private final Consumer<byte[], byte[]> consumer;
    private final long deadline = System.nanoTime() + PATIENCE;

    /** @param consumer one that reads as the job will: what it never gets to see is no record */
    public PartitionEnds(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** The offsets of the last records; partitions without any are missing. */
    public Map<Integer, Long> of(String topic) {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        if (known == null || known.isEmpty()) {
            throw new IllegalStateException("the topic " + topic + " does not exist: run the target setup first");
        }
        List<TopicPartition> partitions = new ArrayList<>();
        known.forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
        return lastOffsets(consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
    }

    /**
     * Markers of transactions, aborted records and compaction leave offsets without records: reads back until there is
     * one. All partitions at once, because each time the assignment changes an answer of Kafka has to be waited for.
     */
    private Map<Integer, Long> lastOffsets(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        Map<Integer, Long> last = new TreeMap<>();
        Map<TopicPartition, Long> to = new HashMap<>(ends);
        to.entrySet().removeIf(one -> one.getValue() <= begins.get(one.getKey()));
        for (long step = FIRST_STEP; !to.isEmpty(); step *= STEP_FACTOR) {
            Map<TopicPartition, Long> from = new HashMap<>();
            for (Map.Entry<TopicPartition, Long> one : to.entrySet()) {
                from.put(one.getKey(), Math.max(begins.get(one.getKey()), one.getValue() - step));
            }
            readBetween(from, to, last);
            to.entrySet()
                    .removeIf(one -> last.containsKey(one.getKey().partition())
                            || from.get(one.getKey()) <= begins.get(one.getKey()));
            to.replaceAll((partition, end) -> from.get(partition));
        }
        return last;
    }

    private void readBetween(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, Map<Integer, Long> last) {
        consumer.assign(to.keySet());
        from.forEach(consumer::seek);
        while (!to.entrySet().stream().allMatch(one -> consumer.position(one.getKey()) >= one.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < to.get(new TopicPartition(record.topic(), record.partition()))) {
                    last.put(record.partition(), record.offset());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the ends of " + to.keySet() + " cannot be read within two minutes");
            }
        }
    }
}
