package org.flinkjobrunner.validator.stream.source;

import java.time.Duration;
import java.util.ArrayList;
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
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<Integer, Long> last = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            long offset = lastOffset(partition, begins.get(partition), ends.get(partition));
            if (offset >= 0) {
                last.put(partition.partition(), offset);
            }
        }
        return last;
    }

    /** Markers of transactions, aborted records and compaction leave offsets without records: reads back until there is one. */
    private long lastOffset(TopicPartition partition, long begin, long end) {
        long to = end;
        for (long step = FIRST_STEP; to > begin; step *= STEP_FACTOR) {
            long from = Math.max(begin, to - step);
            long last = lastBetween(partition, from, to);
            if (last >= 0) {
                return last;
            }
            to = from;
        }
        return -1;
    }

    private long lastBetween(TopicPartition partition, long from, long to) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        long last = -1;
        while (consumer.position(partition) < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                last = record.offset() < to ? record.offset() : last;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the end of " + partition + " cannot be read within two minutes");
            }
        }
        return last;
    }
}
