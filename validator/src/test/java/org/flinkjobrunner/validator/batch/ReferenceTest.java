package org.flinkjobrunner.validator.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.shacl.ValidationReport;
import org.apache.jena.shacl.validation.ReportEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random shapes and data: this evaluator and Jena's report the same results. Left out is where Jena orders numbers as Java
 * sorts them, and not as SPARQL compares them: NaN above all numbers, and -0.0 below 0.0.
 */
class ReferenceTest {
    private static final int CASES = 300;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void agreesWithAnIndependentImplementation() throws IOException {
        int results = 0;
        for (long seed = 0; seed < CASES; seed++) {
            RandomCase random = new RandomCase(seed);
            Set<String> expected = jena(random);
            Set<String> reported = ours(random);
            results += expected.size();
            assertThat(differences(expected, reported))
                    .as("seed %d\n%s\n%s", seed, random.shapesTurtle(), random.data)
                    .isEmpty();
        }
        assertThat(results).isGreaterThan(CASES);
    }

    @Test
    void theOrderInWhichAProgramIsWrittenMeansNothing() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            RandomCase random = new RandomCase(seed);
            String reversed = reversed(JSON.readTree(random.program)).toString();
            assertThat(reversed).isNotEqualTo(random.program);
            assertThat(report(reversed, random.data, "json")).isEqualTo(report(random.program, random.data, "json"));
        }
    }

    /** All members and elements in the opposite order, but for the lists of sh:in, which have one. */
    private static JsonNode reversed(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode reversed = JSON.createObjectNode();
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            Collections.reverse(names);
            names.forEach(
                    name -> reversed.set(name, name.equals("in") ? object.get(name) : reversed(object.get(name))));
            return reversed;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode reversed = JSON.createArrayNode();
            array.forEach(element -> reversed.insert(0, reversed(element)));
            return reversed;
        }
        return node;
    }

    private static List<String> differences(Set<String> expected, Set<String> reported) {
        List<String> differences = new ArrayList<>();
        expected.stream().filter(row -> !reported.contains(row)).forEach(row -> differences.add("missing " + row));
        reported.stream().filter(row -> !expected.contains(row)).forEach(row -> differences.add("surplus " + row));
        return differences;
    }

    private Set<String> ours(RandomCase random) throws IOException {
        return rows(ValidationReport.fromGraph(graph(report(random.program, random.data, "turtle"))));
    }

    private String report(String program, String data, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] arguments = {"--program", file("p.json", program), "--data", file("d.ttl", data), "--format", format};
        assertThat(new ValidateMain(Limits.DEFAULT).run(arguments, out, System.err))
                .isLessThanOrEqualTo(1);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Set<String> jena(RandomCase random) {
        Shapes shapes = Shapes.parse(graph(random.shapesTurtle()));
        return rows(ShaclValidator.get().validate(shapes, graph(random.data)));
    }

    /** Blank nodes are all alike here, because the two name them differently. */
    private static Set<String> rows(ValidationReport report) {
        Set<String> rows = new TreeSet<>();
        for (ReportEntry entry : report.getEntries()) {
            rows.add(String.join(
                    " ",
                    text(entry.focusNode()),
                    entry.resultPath() == null ? "-" : entry.resultPath().toString(),
                    text(entry.source()),
                    text(entry.sourceConstraintComponent()),
                    text(entry.value())));
        }
        return rows;
    }

    private static String text(Node node) {
        return node == null ? "-" : node.isBlank() ? "[]" : node.toString();
    }

    private static Graph graph(String turtle) {
        return RDFParser.fromString(turtle, Lang.TURTLE).toGraph();
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
