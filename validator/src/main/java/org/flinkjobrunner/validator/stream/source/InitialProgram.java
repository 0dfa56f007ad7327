package org.flinkjobrunner.validator.stream.source;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.flinkjobrunner.validator.stream.Activation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the program that a job starts with, before it starts. */
public final class InitialProgram {
    private static final Logger LOG = LoggerFactory.getLogger(InitialProgram.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private InitialProgram() {}

    /**
     * The newest program of the deployment; waits for it, because it may be written in the same moment.
     *
     * @throws IllegalStateException when there is none in time
     */
    public static Activation read(
            Consumer<byte[], byte[]> consumer, String topic, String deployment, Duration patience) {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        List<TopicPartition> partitions = (known == null ? List.<PartitionInfo>of() : known)
                .stream().map(one -> new TopicPartition(topic, one.partition())).toList();
        if (partitions.isEmpty()) {
            throw new IllegalStateException("the topic " + topic + " does not exist: run the target setup first");
        }
        ProgramParts programs = new ProgramParts(deployment, -1, ProgramParts.MAX_BYTES, LOG::warn);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        long deadline = System.nanoTime() + patience.toNanos();
        Activation newest = null;
        while (newest == null || !isRead(consumer, partitions)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the topic " + topic + " holds no complete program for the deployment "
                        + deployment + ": deploy shapes first");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.key() != null) {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    Activation activation = programs.accept(key, record.value());
                    newest = activation == null ? newest : activation;
                }
            }
        }
        return newest;
    }

    private static boolean isRead(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        var ends = consumer.endOffsets(partitions);
        return partitions.stream().allMatch(one -> consumer.position(one) >= ends.get(one));
    }
}
