package org.flinkjobrunner.validator.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flinkjobrunner.validator.batch.ReplayEnds.Kind;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.ProgramException;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.JobSettings;
import org.flinkjobrunner.validator.stream.Topics;
import org.flinkjobrunner.validator.stream.ValidatorJob;
import org.flinkjobrunner.validator.stream.sink.OutRecord;

/** Runs the real job over a recording, in recorded time: the alerts go to standard output, one per line. */
public final class ReplayMain {
    static final int DONE = 0;
    static final int REFUSED = 2;
    static final int FAULT = 3;

    private static final String DEPLOYMENT = "default";
    private static final MemorySize NETWORK = MemorySize.ofMebiBytes(16);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VALUES = List.of("alertId", "value", "valueCount", "values", "entityTypes");
    private static final Comparator<ObjectNode> BY_ENTITY = Comparator.comparing(
                    (ObjectNode alert) -> text(alert, "entity"))
            .thenComparing(alert -> text(alert, "alertId"));

    private final OutputStream out;
    private final PrintStream err;

    ReplayMain(OutputStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        PrintStream alerts = System.out;
        System.setOut(System.err); // whatever the libraries have to say must not get among the alerts
        int status = new ReplayMain(alerts, System.err).run(arguments);
        alerts.flush();
        System.exit(status);
    }

    int run(String... arguments) {
        try {
            replay(ReplayOptions.parse(arguments));
            return DONE;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + "\n" + ReplayOptions.USAGE);
        } catch (ProgramException e) {
            err.println("the program cannot be used: " + e.getMessage());
        } catch (DataException e) {
            return refuse(e);
        } catch (Exception e) { // whatever Flink throws
            e.printStackTrace(err);
        }
        return FAULT;
    }

    private int refuse(DataException refused) {
        try {
            JsonReport.writeDiagnostics(refused.diagnostics(), out);
            return REFUSED;
        } catch (IOException e) {
            err.println(e);
            return FAULT;
        }
    }

    private void replay(ReplayOptions options) throws Exception {
        byte[] program = Files.readAllBytes(Path.of(options.program()));
        Activation activation = new Activation(1, Program.read(program).digest(), gzip(program));
        Topics topics = Topics.DEFAULT;
        List<ConsumerRecord<byte[], byte[]>> recording = Recording.read(
                options.changes(), Limits.DEFAULT.read(options.changes()), options.source(), topics.inputs());
        try (ReplayEnds ends = new ReplayEnds(recording)) {
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, cluster());
            JobSettings settings = new JobSettings(DEPLOYMENT, Clock.RECORDED, topics, List.of(), activation, false);
            ValidatorJob.build(environment, settings, ends);
            environment.execute("replay");
            List<ObjectNode> alerts = alerts(ends.written(Kind.ALERTS));
            print(options.finalOnly() ? standing(alerts, alerts(ends.written(Kind.STANDING))) : alerts);
            tellDeadLetters(ends, topics);
        }
    }

    private static Configuration cluster() {
        Configuration configuration = ValidatorJob.settings(new Configuration());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        configuration.set(PipelineOptions.MAX_PARALLELISM, 1);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, NETWORK);
        return configuration;
    }

    private static byte[] gzip(byte[] program) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(program);
        }
        return bytes.toByteArray();
    }

    private static List<ObjectNode> alerts(Iterable<OutRecord> records) throws IOException {
        List<ObjectNode> alerts = new ArrayList<>();
        for (OutRecord record : records) {
            alerts.add((ObjectNode) JSON.readTree(record.value()).get("data"));
        }
        return alerts;
    }

    /** The last transition of each that stands, with the values of now. */
    private static List<ObjectNode> standing(List<ObjectNode> transitions, List<ObjectNode> standing) {
        Map<String, ObjectNode> last = new HashMap<>();
        for (ObjectNode transition : transitions) {
            last.put(text(transition, "alertId"), transition);
        }
        return standing.stream()
                .map(now -> last.get(text(now, "alertId")).setAll(now.retain(VALUES)))
                .map(ObjectNode.class::cast)
                .sorted(BY_ENTITY)
                .toList();
    }

    private static String text(ObjectNode alert, String name) {
        return alert.get(name).textValue();
    }

    private void print(List<ObjectNode> alerts) throws IOException {
        for (ObjectNode alert : alerts) {
            out.write(JSON.writeValueAsBytes(alert));
            out.write('\n');
        }
        out.flush();
    }

    private void tellDeadLetters(ReplayEnds ends, Topics topics) {
        for (OutRecord record : ends.written(Kind.OTHERS)) {
            if (record.topic().equals(topics.deadLetters())) {
                StringBuilder line = new StringBuilder("refused:");
                for (OutRecord.Header header : record.headers()) {
                    String value = new String(header.value(), StandardCharsets.UTF_8).replaceAll("\\R", " ");
                    line.append(' ').append(header.name()).append('=').append(value);
                }
                err.println(line);
            }
        }
    }
}
