package org.flinkjobrunner.validator.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Alert latency at a fixed rate, beside what Kafka alone needs in the same moment.
 *
 * <p>The updates that raise or clear carry the time of sending in a header. A consumer of the input
 * topic reads it: that is Kafka's own latency. A consumer of the alert topic finds the update again by
 * the partition and offset that every alert names. All on one clock, in one process.
 */
final class LatencyRun {
    private static final String SENT = "bench-sent";
    private static final String RAISE = "bench-raise";
    private static final byte[] NOTHING = {};
    private static final long STRAGGLERS = TimeUnit.SECONDS.toNanos(5);

    private record Cause(int partition, long offset) {}

    private record Sent(long nanos, boolean raise) {}

    private final String bootstrap;
    private final String inputTopic;
    private final String alertTopic;
    private final ObjectMapper json = new ObjectMapper(new JsonFactory());
    private final Map<Cause, Sent> expected = new HashMap<>();
    private final Map<Cause, Long> early = new HashMap<>();
    private final Latencies kafka = new Latencies();
    private final Latencies raised = new Latencies();
    private final Latencies cleared = new Latencies();
    private long countFrom;
    private int marked;
    private int received;

    LatencyRun(String bootstrap, String inputTopic, String alertTopic) {
        this.bootstrap = bootstrap;
        this.inputTopic = inputTopic;
        this.alertTopic = alertTopic;
    }

    ObjectNode run(Producer<byte[], byte[]> producer, Workload workload, Pace pace) throws InterruptedException {
        long start = System.nanoTime();
        countFrom = start + TimeUnit.SECONDS.toNanos(pace.skipSeconds());
        double achieved;
        try (Tail input = new Tail(bootstrap, inputTopic, this::onInput);
                Tail alerts = new Tail(bootstrap, alertTopic, this::onAlert)) {
            achieved = send(producer, workload, pace);
            awaitStragglers(List.of(input, alerts));
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("rate", achieved);
        result.set("kafka", kafka.summary());
        result.set("cleared", cleared.summary());
        result.set("raised", raised.summary());
        result.put("missing", expected.size());
        return result;
    }

    private double send(Producer<byte[], byte[]> producer, Workload workload, Pace pace) {
        long start = System.nanoTime();
        long total = (long) pace.perSecond() * pace.seconds();
        long sent = 0;
        while (sent < total) {
            long due = Math.min(total, (System.nanoTime() - start) * pace.perSecond() / 1_000_000_000L);
            for (; sent < due; sent++) {
                producer.send(record(workload.next(pace.mendAfter())));
            }
            LockSupport.parkNanos(500_000);
        }
        producer.flush();
        return sent / ((System.nanoTime() - start) / 1e9);
    }

    private ProducerRecord<byte[], byte[]> record(Workload.Update update) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(inputTopic, update.key(), update.value());
        if (update.effect() != Workload.Effect.NONE) {
            if (update.effect() == Workload.Effect.RAISE) {
                record.headers().add(RAISE, NOTHING);
            }
            long now = System.nanoTime();
            record.headers()
                    .add(new RecordHeader(
                            SENT, ByteBuffer.allocate(Long.BYTES).putLong(now).array()));
            marked += now >= countFrom ? 1 : 0;
        }
        return record;
    }

    private synchronized void onInput(ConsumerRecord<byte[], byte[]> record, long now) {
        Header header = record.headers().lastHeader(SENT);
        if (header == null) {
            return;
        }
        long sent = ByteBuffer.wrap(header.value()).getLong();
        if (sent < countFrom) {
            return;
        }
        kafka.add(now - sent);
        received++;
        Cause cause = new Cause(record.partition(), record.offset());
        Sent update = new Sent(sent, record.headers().lastHeader(RAISE) != null);
        Long alerted = early.remove(cause);
        if (alerted == null) {
            expected.put(cause, update);
        } else {
            count(update, alerted);
        }
    }

    private synchronized void onAlert(ConsumerRecord<byte[], byte[]> record, long now) throws Exception {
        if (record.value() == null) {
            return;
        }
        JsonNode cause = json.readTree(record.value()).path("data").path("record");
        if (!inputTopic.equals(cause.path("topic").asText())) {
            return;
        }
        Cause place =
                new Cause(cause.path("partition").asInt(), cause.path("offset").asLong());
        Sent update = expected.remove(place);
        if (update != null) {
            count(update, now);
        } else {
            early.put(place, now);
        }
    }

    private void count(Sent update, long alerted) {
        (update.raise ? raised : cleared).add(alerted - update.nanos);
    }

    private void awaitStragglers(List<Tail> tails) throws InterruptedException {
        long deadline = System.nanoTime() + STRAGGLERS;
        while (System.nanoTime() < deadline && !complete()) {
            tails.forEach(Tail::throwFailure);
            Thread.sleep(20);
        }
    }

    private synchronized boolean complete() {
        return expected.isEmpty() && received == marked;
    }

    /** How fast and how long to send; what is sent in the first seconds does not count. */
    record Pace(int perSecond, int seconds, int skipSeconds, long mendAfter) {}
}
