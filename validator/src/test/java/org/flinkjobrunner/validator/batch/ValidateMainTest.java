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
import org.apache.jena.graph.Graph;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.shacl.ValidationReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidateMainTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SH = "http://www.w3.org/ns/shacl#";

    private static final String PROGRAM =
            """
            {"formatVersion": 1, "numbers": "declared",
             "shapes": {
               "https://x/S": {"iri": "https://x/S", "targets": [{"class": "https://x/Machine"}],
                 "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [],
                 "constraints": [{"component": "NodeKind", "nodeKind": "IRI"}],
                 "property": ["<https://x/S>/<https://x/speed>", "<https://x/S>/<https://x/part>"]},
               "<https://x/S>/<https://x/speed>": {"path": {"predicate": "https://x/speed"},
                 "severity": "http://www.w3.org/ns/shacl#Warning", "messages": [{"@value": "zu schnell", "@language": "de"}],
                 "constraints": [
                   {"component": "Datatype", "datatype": "http://www.w3.org/2001/XMLSchema#double"},
                   {"component": "MinCount", "minCount": 1},
                   {"component": "MaxInclusive", "value": {"@value": "80", "@type": "http://www.w3.org/2001/XMLSchema#integer"}}]},
               "<https://x/S>/<https://x/part>": {"path": {"predicate": "https://x/part"},
                 "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [],
                 "constraints": [{"component": "Class", "class": "https://x/Part"}]}},
             "units": [
               {"root": "https://x/S", "shape": "https://x/S", "attributes": [], "types": false},
               {"root": "https://x/S", "shape": "<https://x/S>/<https://x/speed>", "attributes": ["https://x/speed"], "types": false},
               {"root": "https://x/S", "shape": "<https://x/S>/<https://x/part>", "attributes": ["https://x/part"], "types": false}],
             "knowledge": {"superClasses": {"https://x/Cutter": ["https://x/Cutter", "https://x/Machine"]},
               "triples": [["https://x/known", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", {"@id": "https://x/Part"}],
                           ["https://x/Cutter", "http://www.w3.org/2000/01/rdf-schema#subClassOf", {"@id": "https://x/Machine"}]]},
             "contexts": {"https://x/context": {"vocab": "https://x/", "terms": {
               "id": {"@id": "@id"}, "type": {"@id": "@type"}, "x": {"@id": "https://x/"},
               "part": {"@id": "https://x/part", "@type": "@id"}, "tags": {"@id": "https://x/tag", "@container": ["@set"]}}}},
             "defaultContext": "https://x/context"}
            """;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void conformingData() throws IOException {
        String turtle = "@prefix x: <https://x/> . x:m a x:Cutter ; x:speed 1e0 ; x:part x:known .";
        assertThat(run("--data", file("a.ttl", turtle))).isZero();
        assertThat(out).hasToString("{\"conforms\":true,\"results\":[]}\n");
    }

    @Test
    void nothingToValidateConforms() throws IOException {
        assertThat(run()).isZero();
    }

    @Test
    void resultsAsJson() throws IOException {
        String turtle =
                "@prefix x: <https://x/> . x:m a x:Cutter ; x:speed 90e0, 5 ; x:part x:other . [] a x:Machine .";
        assertThat(run("--data", file("a.ttl", turtle))).isEqualTo(1);
        JsonNode report = JSON.readTree(out.toByteArray());
        assertThat(report.get("conforms").booleanValue()).isFalse();
        assertThat(rows(report))
                .containsExactly(
                        "https://x/m <https://x/part> {\"@id\":\"https://x/other\"} Class",
                        "https://x/m <https://x/speed> {\"@value\":\"5\",\"@type\":\"http://www.w3.org/2001/XMLSchema#integer\"}"
                                + " Datatype",
                        "https://x/m <https://x/speed> {\"@value\":\"90e0\",\"@type\":\"http://www.w3.org/2001/XMLSchema#double\"}"
                                + " MaxInclusive",
                        "_:f1b0 <https://x/speed> null MinCount",
                        "_:f1b0 null {\"@id\":\"_:f1b0\"} NodeKind");
        JsonNode first = report.get("results").get(1);
        assertThat(first.get("severity").textValue()).isEqualTo(SH + "Warning");
        assertThat(first.get("sourceShape").textValue()).isEqualTo("<https://x/S>/<https://x/speed>");
        assertThat(first.get("messages")).hasToString("[{\"@value\":\"zu schnell\",\"@language\":\"de\"}]");
        assertThat(report.get("results")
                        .get(0)
                        .get("messages")
                        .get(0)
                        .get("@value")
                        .textValue())
                .isEqualTo("must be an instance of <https://x/Part>");
    }

    @Test
    void resultsAsAValidationReport() throws IOException {
        String turtle = "@prefix x: <https://x/> . x:m a x:Cutter ; x:speed 90e0, 5 ; x:part _:p . [] a x:Machine .";
        assertThat(run("--format", "turtle", "--data", file("a.ttl", turtle))).isEqualTo(1);
        Graph graph = RDFParser.fromString(out.toString(StandardCharsets.UTF_8), Lang.TURTLE)
                .toGraph();
        ValidationReport report = ValidationReport.fromGraph(graph);
        assertThat(report.conforms()).isFalse();
        assertThat(report.getEntries())
                .extracting(entry -> entry.sourceConstraintComponent().getURI())
                .containsExactlyInAnyOrder(
                        SH + "ClassConstraintComponent",
                        SH + "DatatypeConstraintComponent",
                        SH + "MaxInclusiveConstraintComponent",
                        SH + "MinCountConstraintComponent",
                        SH + "NodeKindConstraintComponent");
        assertThat(report.getEntries()).allSatisfy(entry -> {
            assertThat(entry.focusNode()).isNotNull();
            assertThat(entry.severity()).isNotNull();
            assertThat(entry.message()).isNotEmpty();
        });
        assertThat(report.getEntries())
                .filteredOn(entry -> entry.resultPath() == null)
                .singleElement()
                .satisfies(entry -> assertThat(entry.source().getURI()).isEqualTo("https://x/S"));
    }

    @Test
    void aConformingValidationReport() throws IOException {
        assertThat(run("--format", "turtle")).isZero();
        Graph graph = RDFParser.fromString(out.toString(StandardCharsets.UTF_8), Lang.TURTLE)
                .toGraph();
        assertThat(ValidationReport.fromGraph(graph).conforms()).isTrue();
    }

    @Test
    void filesMergeAndBlankNodesStayApart() throws IOException {
        String one = "_:b <https://x/speed> 1e0 .";
        String two =
                "@prefix x: <https://x/> . _:b a x:Machine . x:m a x:Sub . x:Sub <http://www.w3.org/2000/01/rdf-schema#subClassOf>"
                        + " x:Cutter .";
        assertThat(run("--data", file("one.ttl", one), "--data", file("two.ttl", two)))
                .isEqualTo(1);
        assertThat(rows(JSON.readTree(out.toByteArray())))
                .containsExactly(
                        "https://x/m <https://x/speed> null MinCount",
                        "_:f2b0 <https://x/speed> null MinCount",
                        "_:f2b0 null {\"@id\":\"_:f2b0\"} NodeKind");
    }

    @Test
    void nTriples() throws IOException {
        String triples = "<https://x/m> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://x/Machine> .\n";
        assertThat(run("--data", file("a.nt", triples))).isEqualTo(1);
        assertThat(rows(JSON.readTree(out.toByteArray())))
                .containsExactly("https://x/m <https://x/speed> null MinCount");
    }

    @ParameterizedTest
    @CsvSource({"declared, true", "double, true", "json-ld, false"})
    void jsonLdNumbersFollowTheSetting(String numbers, boolean conforms) throws IOException {
        String json =
                "{\"@context\": \"https://x/context\", \"id\": \"https://x/m\", \"type\": \"x:Machine\", \"x:speed\": 20.0}";
        assertThat(run("--numbers", numbers, "--data", file("a.jsonld", json))).isEqualTo(conforms ? 0 : 1);
        if (!conforms) {
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("{\"@value\":\"20\",\"@type\":\"http://www.w3.org/2001/XMLSchema#integer\"}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": \"https://x/m\", \"type\": \"Machine\"} | 1",
                "[{\"id\": \"https://x/m\", \"type\": \"Machine\"}] | 1",
                "{\"@context\": {\"@vocab\": \"https://y/\"}, \"@id\": \"https://x/m\", \"@type\": \"Machine\"} | 0",
            })
    void aDocumentWithoutAContextHasTheDefaultOne(String json, int status) throws IOException {
        assertThat(run("--data", file("a.json", json))).isEqualTo(status);
    }

    @Test
    void jsonLdNumbersAreShownInTheDeclaredDatatype() throws IOException {
        String json = "{\"@context\": [\"https://x/context\", {\"@vocab\": \"https://x/\"}], \"id\": \"https://x/m\","
                + " \"type\": \"Machine\", \"speed\": 81, \"part\": \"https://x/known\"}";
        assertThat(run("--data", file("a.json", json))).isEqualTo(1);
        assertThat(rows(JSON.readTree(out.toByteArray())))
                .containsExactly(
                        "https://x/m <https://x/speed> {\"@value\":\"81\",\"@type\":\"http://www.w3.org/2001/XMLSchema#double\"}"
                                + " MaxInclusive");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.ttl    | <a:b> <a:c> | syntax-error | 1",
                "a.ttl    | `<a:b>\n <a:c> 'x .` | syntax-error | 2",
                "a.ttl    | <a:b> <a:c> << <a:b> <a:c> <a:d> >> . | unsupported-term |",
                "a.nt     | <a:b> <a:c> . | syntax-error | 1",
                "a.jsonld | {\"a\": | syntax-error | 1",
                "a.jsonld | 5 | syntax-error |",
                "a.jsonld | `` | syntax-error |",
                "a.jsonld | {\"@context\": {}, \"name\": \"x\"} | no-triples |",
                "a.jsonld | {\"@context\": \"https://elsewhere/c\", \"a\": 1} | unknown-context |",
                "a.jsonld | {\"@context\": 5} | invalid-json-ld |",
                "a.jsonld | {\"@id\": \"a:g\", \"@graph\": [{\"@id\": \"a:b\", \"a:c\": 1}]} | named-graph |",
                "a.rdf    | <rdf/> | unknown-format |",
            })
    void badDataIsRefusedWithACode(String name, String content, String code, Integer line) throws IOException {
        assertThat(run("--data", file(name, content))).isEqualTo(2);
        JsonNode diagnostics = JSON.readTree(out.toByteArray()).get("diagnostics");
        assertThat(diagnostics).hasSize(1);
        JsonNode diagnostic = diagnostics.get(0);
        assertThat(diagnostic.get("code").textValue()).isEqualTo(code);
        assertThat(diagnostic.get("file").textValue()).endsWith(name);
        assertThat(diagnostic.get("message").textValue()).isNotBlank();
        assertThat(diagnostic.has("hint")).isTrue();
        if (line != null) {
            assertThat(diagnostic.get("line").intValue()).isEqualTo(line);
            assertThat(diagnostic.get("column").intValue()).isPositive();
        }
    }

    @Test
    void binaryDataIsRefused() throws IOException {
        for (String name : List.of("a.ttl", "a.nt", "a.jsonld", "a.ndjson")) {
            out.reset();
            Path file = Files.write(folder.resolve(name), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2, (byte) 0x80});
            assertThat(run("--data", file.toString())).as(name).isEqualTo(2);
            assertThat(JSON.readTree(out.toByteArray()).get("diagnostics")).hasSize(1);
        }
    }

    @Test
    void aMissingFileIsRefused() throws IOException {
        assertThat(run("--data", folder.resolve("none.ttl").toString())).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"code\":\"file-not-found\"");
    }

    @Test
    void limitsAreKept() throws IOException {
        String data = file("a.nt", "<a:b> <a:c> <a:d> .\n<a:b> <a:c> <a:e> .\n");
        assertThat(new ValidateMain(new Limits(10, 100)).run(arguments("--data", data), out, stream(err)))
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("file-too-large");
        out.reset();
        assertThat(new ValidateMain(new Limits(1000, 1)).run(arguments("--data", data), out, stream(err)))
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("too-many-triples");
    }

    @Test
    void aDeeplyNestedDocumentIsRefused() throws IOException {
        String json = "{\"a:b\":".repeat(50_000) + "1" + "}".repeat(50_000);
        assertThat(run("--data", file("a.jsonld", json))).isEqualTo(2);
        assertThat(JSON.readTree(out.toByteArray()).get("diagnostics")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "--numbers exact, --numbers is declared",
        "--format xml, --format is json or turtle",
        "--what x, unknown option --what",
        "--data, --data needs a value",
    })
    void aWrongCommandLineIsOurFault(String options, String message) throws IOException {
        assertThat(run(options.split(" "))).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(message).contains("usage:");
        assertThat(out.size()).isZero();
    }

    @Test
    void anUnreadableProgramIsOurFault() throws IOException {
        String program = file("p.json", "{\"formatVersion\": 99}");
        assertThat(new ValidateMain(Limits.DEFAULT).run(new String[] {"--program", program}, out, stream(err)))
                .isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("format version 99");
        assertThat(out.size()).isZero();
    }

    private int run(String... options) throws IOException {
        return new ValidateMain(Limits.DEFAULT).run(arguments(options), out, stream(err));
    }

    private String[] arguments(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--program", file("program.json", PROGRAM)));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static List<String> rows(JsonNode report) {
        List<String> rows = new ArrayList<>();
        for (JsonNode result : report.get("results")) {
            String component = result.get("sourceConstraintComponent").textValue();
            rows.add(String.join(
                    " ",
                    result.get("focusNode").textValue(),
                    result.get("resultPath").asText(),
                    result.get("value").toString(),
                    component.substring(SH.length(), component.length() - "ConstraintComponent".length())));
        }
        return rows;
    }
}
