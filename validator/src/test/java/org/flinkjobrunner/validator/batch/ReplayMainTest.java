package org.flinkjobrunner.validator.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole graph, in one process: what goes in as records comes out as alerts. */
class ReplayMainTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A machine has a speed, of 80 at most. */
    private static final String PROGRAM =
            """
            {"formatVersion": 1, "numbers": "declared",
             "shapes": {
               "https://x/S": {"iri": "https://x/S", "targets": [{"class": "https://x/Machine"}],
                 "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [],
                 "constraints": [], "property": ["speed"]},
               "speed": {"path": {"predicate": "https://x/speed"},
                 "severity": "http://www.w3.org/ns/shacl#Warning", "messages": [],
                 "constraints": [{"component": "MinCount", "minCount": 1}], "property": ["value"]},
               "value": {"path": {"predicate": "https://uri.etsi.org/ngsi-ld/hasValue"},
                 "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [],
                 "constraints": [{"component": "MaxInclusive",
                   "value": {"@value": "80", "@type": "http://www.w3.org/2001/XMLSchema#integer"}}]}},
             "units": [
               {"root": "https://x/S", "shape": "speed", "attributes": ["https://x/speed"], "types": false}],
             "knowledge": {"superClasses": {}, "triples": []},
             "contexts": {}}
            """;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String program;

    @BeforeEach
    void writeProgram() throws IOException {
        program = file("program.json", PROGRAM);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private int run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--program", program));
        arguments.addAll(List.of(more));
        return new ReplayMain(out, new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments.toArray(String[]::new));
    }

    private int replay(String source, String lines, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--changes", file("r.ndjson", lines), "--source", source));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    /** {@code state component value line}. */
    private List<String> alerts() throws IOException {
        List<String> alerts = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            JsonNode alert = JSON.readTree(line);
            String component = alert.get("sourceConstraintComponent").textValue();
            alerts.add(alert.get("state").textValue() + " "
                    + component.substring(component.indexOf('#') + 1).replace("ConstraintComponent", "") + " "
                    + alert.get("value").path("@value").asText("-") + " "
                    + (alert.get("record").path("offset").asLong() + 1));
        }
        return alerts;
    }

    private static String machine(String time, String speed) {
        return "{\"_timestamp\":\"2026-01-01T00:00:" + time + "Z\",\"id\":\"urn:x:1\",\"type\":\"https://x/Machine\""
                + (speed == null ? "" : ",\"https://x/speed\":{\"type\":\"Property\",\"value\":" + speed + "}")
                + "}\n";
    }

    private static String flat(String time, String speed) {
        return "{\"_timestamp\":\"2026-01-01T00:00:" + time + "Z\",\"id\":\"urn:x:1\\\\0123\","
                + "\"entityId\":\"urn:x:1\",\"name\":\"https://x/speed\",\"nodeType\":\"@value\","
                + "\"type\":\"https://uri.etsi.org/ngsi-ld/Property\",\"attributeValue\":" + speed
                + ",\"datasetId\":\"@none\"}\n";
    }

    @Test
    void transitionsInOrderWithTheLinesThatCausedThem() throws IOException {
        String lines = machine("00", null) + machine("01", "95.5") + machine("02", "99") + machine("03", "7");
        assertThat(replay("ngsi-ld", lines)).isEqualTo(ReplayMain.DONE);
        assertThat(alerts())
                .containsExactly(
                        "raised MinCount - 1",
                        "cleared MinCount - 2",
                        "raised MaxInclusive 95.5 2",
                        "cleared MaxInclusive 95.5 4");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theFinalOnesHaveTheValuesOfTheEnd() throws IOException {
        String lines = machine("01", "95.5") + machine("02", "99");
        assertThat(replay("ngsi-ld", lines, "--final", "true")).isEqualTo(ReplayMain.DONE);
        assertThat(alerts()).containsExactly("raised MaxInclusive 99 1");
    }

    @Test
    void raisesSettleInRecordedTimeAndAtTheEndTheClockRunsOn() throws IOException {
        String entity = "{\"_timestamp\":\"2026-01-01T00:00:00Z\",\"id\":\"urn:x:1\",\"type\":\"https://x/Machine\"}\n";
        assertThat(replay("iff", entity + flat("00.499", "95.5") + flat("00.900", "5") + flat("05", "90")))
                .isEqualTo(ReplayMain.DONE);
        assertThat(alerts()).containsExactly("raised MaxInclusive 90 4");
    }

    @Test
    void deadLettersAreToldAndDoNotStopIt() throws IOException {
        String bad = "{\"id\":\"urn:x:1\",\"type\":\"https://x/Machine\",\"https://x/speed\":{\"type\":\"Prop\"}}\n";
        assertThat(replay("ngsi-ld", machine("00", "95.5") + bad)).isEqualTo(ReplayMain.DONE);
        assertThat(alerts()).containsExactly("raised MaxInclusive 95.5 1");
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("refused: error-code=")
                .contains("source-offset=1");
    }

    @Test
    void anEmptyRecordingRaisesNothing() throws IOException {
        assertThat(replay("ngsi-ld", "")).isEqualTo(ReplayMain.DONE);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void aBadLineIsRefusedBeforeAnythingRuns() throws IOException {
        assertThat(replay("ngsi-ld", machine("00", "95.5") + "{\"id\":")).isEqualTo(ReplayMain.REFUSED);
        JsonNode diagnostic =
                JSON.readTree(out.toByteArray()).get("diagnostics").get(0);
        assertThat(diagnostic.get("code").textValue()).isEqualTo("invalid-json");
        assertThat(diagnostic.get("line").intValue()).isEqualTo(2);
    }

    @Test
    void aWrongCallIsAFault() throws IOException {
        assertThat(run("--changes", "x")).isEqualTo(ReplayMain.FAULT);
        assertThat(run("--changes", "x", "--source", "mqtt")).isEqualTo(ReplayMain.FAULT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: ReplayMain", "not mqtt");
        program = file("other.json", "{\"formatVersion\": 99}");
        assertThat(replay("ngsi-ld", "")).isEqualTo(ReplayMain.FAULT);
    }
}
