package org.flinkjobrunner.validator.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static List<String> differences(Set<String> expected, Set<String> reported) {
        List<String> differences = new ArrayList<>();
        expected.stream().filter(row -> !reported.contains(row)).forEach(row -> differences.add("missing " + row));
        reported.stream().filter(row -> !expected.contains(row)).forEach(row -> differences.add("surplus " + row));
        return differences;
    }

    private Set<String> ours(RandomCase random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = new ValidateMain(Limits.DEFAULT)
                .run(
                        new String[] {
                            "--program",
                            file("p.json", random.program),
                            "--data",
                            file("d.ttl", random.data),
                            "--format",
                            "turtle"
                        },
                        out,
                        System.err);
        assertThat(status).isLessThanOrEqualTo(1);
        return rows(ValidationReport.fromGraph(graph(out.toString(StandardCharsets.UTF_8))));
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
