package org.flinkjobrunner.validator.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One entity per partition whose record, written last, tells by its echo that everything before it
 * has been through the job: as an alert of the product, as the record itself from the other jobs.
 */
final class Sentinels implements AutoCloseable {
    static final String PREFIX = "urn:benchmark:sentinel:";

    private static final byte[] NEEDLE = PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(10);

    private final String topic;
    private final int partitions;
    private final BitSet heard = new BitSet();
    private final Tail tail;
    private long lastHeard;

    Sentinels(String bootstrap, String topic, int partitions, String echoTopic) throws InterruptedException {
        this.topic = topic;
        this.partitions = partitions;
        tail = new Tail(bootstrap, echoTopic, (record, received) -> hear(record.value(), received));
    }

    static byte[] key(int partition) {
        return (PREFIX + partition).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the key that lies at this place in an array is one of ours. */
    static boolean isAt(byte[] bytes, int from, int length) {
        return length > NEEDLE.length && Arrays.equals(bytes, from, from + NEEDLE.length, NEEDLE, 0, NEEDLE.length);
    }

    void send(Producer<byte[], byte[]> producer, boolean violating) {
        synchronized (heard) {
            heard.clear();
        }
        for (int partition = 0; partition < partitions; partition++) {
            byte[] key = key(partition);
            producer.send(new ProducerRecord<>(topic, partition, key, Workload.sentinelRecord(key, 0, violating)));
        }
        producer.flush();
    }

    /** Waits for the echo of each; returns when (in nanoseconds) the last one was heard. */
    long await() throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE;
        synchronized (heard) {
            while (heard.cardinality() < partitions) {
                tail.throwFailure();
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("heard of " + heard.cardinality() + " of " + partitions + " sentinels");
                }
                heard.wait(100);
            }
            return lastHeard;
        }
    }

    private void hear(byte[] value, long received) {
        int at = value == null ? -1 : find(value);
        if (at < 0) {
            return;
        }
        int partition = 0;
        for (int i = at + NEEDLE.length; i < value.length && value[i] >= '0' && value[i] <= '9'; i++) {
            partition = partition * 10 + value[i] - '0';
        }
        synchronized (heard) {
            heard.set(partition);
            lastHeard = received;
            heard.notifyAll();
        }
    }

    private static int find(byte[] value) {
        for (int at = 0; at <= value.length - NEEDLE.length; at++) {
            if (Arrays.equals(value, at, at + NEEDLE.length, NEEDLE, 0, NEEDLE.length)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        tail.close();
    }
}
