package org.flinkjobrunner.validator.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes workload W1 and times what comes of it. Lives as long as one job of the benchmark, so that
 * it is warm when it counts; told what to do on standard input, one JSON answer a line:
 *
 * <ul>
 *   <li>{@code load}: all entities with all their attributes;
 *   <li>{@code burst N MEND_AFTER}: answers when it is ready, waits for a line, writes N updates as
 *       fast as Kafka takes them, answers when the job has read the last one;
 *   <li>{@code rate PER_SECOND SECONDS SKIP_SECONDS MEND_AFTER}: alert latency at this rate.
 * </ul>
 */
public final class LoadMain implements AutoCloseable {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final String bootstrap;
    private final String entities;
    private final String attributes;
    private final String echoes;
    private final Workload workload;
    private final int partitions;
    private final Sentinels sentinels;
    private final Producer<byte[], byte[]> producer;
    private final BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private LoadMain(Map<String, String> options) throws InterruptedException {
        bootstrap = required(options, "bootstrap");
        entities = required(options, "entities");
        attributes = required(options, "attributes");
        echoes = required(options, "echoes");
        workload = new Workload(
                Integer.parseInt(required(options, "machines")), Long.parseLong(required(options, "seed")));
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "1",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false,
                        ProducerConfig.LINGER_MS_CONFIG,
                        1,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        262_144,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        67_108_864L),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        partitions = producer.partitionsFor(attributes).size();
        sentinels = new Sentinels(bootstrap, attributes, partitions, echoes);
    }

    public static void main(String[] arguments) throws Exception {
        try (LoadMain load = new LoadMain(options(arguments))) {
            for (String line = load.commands.readLine(); line != null; line = load.commands.readLine()) {
                OUT.println(load.obey(line.trim().split("\\s+")));
            }
        }
    }

    private ObjectNode obey(String[] words) throws Exception {
        return switch (words[0]) {
            case "load" -> load();
            case "burst" -> burst(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "rate" ->
                new LatencyRun(bootstrap, attributes, echoes)
                        .run(
                                producer,
                                workload,
                                new LatencyRun.Pace(
                                        Integer.parseInt(words[1]),
                                        Integer.parseInt(words[2]),
                                        Integer.parseInt(words[3]),
                                        Long.parseLong(words[4])));
            default -> throw new IllegalArgumentException("no such command: " + words[0]);
        };
    }

    /** The attributes first: an entity whose type is not known yet cannot miss any. */
    private ObjectNode load() {
        for (int entity = 0; entity < workload.entities(); entity++) {
            for (int attribute = 0; attribute < Workload.ATTRIBUTES; attribute++) {
                send(attributes, workload.key(entity), workload.attributeRecord(entity, attribute));
            }
        }
        for (int partition = 0; partition < partitions; partition++) {
            byte[] key = Sentinels.key(partition);
            for (int attribute = 0; attribute < Workload.ATTRIBUTES; attribute++) {
                send(attributes, key, Workload.sentinelRecord(key, attribute, false));
            }
        }
        producer.flush();
        for (int entity = 0; entity < workload.entities(); entity++) {
            send(entities, workload.key(entity), Workload.entityRecord(workload.key(entity)));
        }
        for (int partition = 0; partition < partitions; partition++) {
            send(entities, Sentinels.key(partition), Workload.entityRecord(Sentinels.key(partition)));
        }
        producer.flush();
        return answer().put("entities", workload.entities());
    }

    private ObjectNode burst(long updates, long mendAfter) throws Exception {
        sentinels.send(producer, true);
        sentinels.await();
        OUT.println(answer().put("ready", true));
        if (commands.readLine() == null) {
            throw new IOException("the other side has gone");
        }
        long start = System.nanoTime();
        for (long update = 0; update < updates; update++) {
            Workload.Update next = workload.next(mendAfter);
            send(attributes, next.key(), next.value());
        }
        sentinels.send(producer, false);
        long written = System.nanoTime();
        long read = sentinels.await();
        return answer().put("updates", updates)
                .put("writeSeconds", (written - start) / 1e9)
                .put("seconds", (read - start) / 1e9);
    }

    private void send(String topic, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, key, value));
    }

    private static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i].substring(2), arguments[i + 1]);
        }
        return options;
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    @Override
    public void close() {
        sentinels.close();
        producer.close();
    }
}
