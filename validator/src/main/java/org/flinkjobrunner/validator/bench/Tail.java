package org.flinkjobrunner.validator.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows a topic from where it ends now, in a thread of its own. */
final class Tail implements AutoCloseable {
    interface Handler {
        void accept(ConsumerRecord<byte[], byte[]> record, long receivedNanos) throws Exception;
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Handler handler;
    private final CountDownLatch positioned = new CountDownLatch(1);
    private final Thread thread;
    private volatile Exception failure;

    /** Returns once every record that is written from now on will be seen. */
    Tail(String bootstrap, String topic, Handler handler) throws InterruptedException {
        this.handler = handler;
        consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread = new Thread(() -> follow(topic), "tail-" + topic);
        thread.setDaemon(true);
        thread.start();
        positioned.await();
    }

    private void follow(String topic) {
        try (consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // Seeking is lazy: asking for the position is what fixes it.
            partitions.forEach(consumer::position);
            positioned.countDown();
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    handler.accept(record, System.nanoTime());
                }
            }
        } catch (WakeupException closed) {
            // close() was called.
        } catch (Exception fault) {
            failure = fault;
        } finally {
            positioned.countDown();
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            // The thread is a daemon: it does not outlive a process that wants to end.
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }

    void throwFailure() {
        if (failure != null) {
            throw new IllegalStateException("following a topic failed", failure);
        }
    }
}
