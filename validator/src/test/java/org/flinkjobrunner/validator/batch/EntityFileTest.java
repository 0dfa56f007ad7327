package org.flinkjobrunner.validator.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.MergedGraph;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.ProgramException;
import org.flinkjobrunner.validator.term.Numbers;
import org.junit.jupiter.api.Test;

class EntityFileTest {
    /** A line is {@code id number}, without a number for an entity without its attribute. */
    private static final EntityReader READER = json -> {
        String[] words = new String(json, StandardCharsets.UTF_8).strip().split(" ");
        if (words[0].startsWith("!")) {
            throw new EntityReader.Refused("invalid-entity", "/id", words[0] + " is no id", "use an IRI");
        }
        Attribute[] attributes = words.length == 1 ? Attribute.NONE : new Attribute[] {speed(words[0], words[1])};
        return new EntityDocument(words[0], new String[] {"https://x/Machine"}, attributes, List.of());
    };

    private final Map<String, EntityDocument> entities = new LinkedHashMap<>();

    @Test
    void oneEntityPerLine() throws DataException {
        new EntityFile("a.ndjson", READER, entities).read(bytes("urn:a 1\r\n\n  \nurn:b"));
        assertThat(entities).containsOnlyKeys("urn:a", "urn:b");
    }

    @Test
    void everyRefusedLineIsNamed() {
        DataException refused =
                catchThrowableOfType(DataException.class, () -> new EntityFile("a.ndjson", READER, entities)
                        .read(bytes("urn:a\n!b\nurn:c\n!d\nurn:a\n")));
        assertThat(refused.diagnostics())
                .extracting(Diagnostic::code, Diagnostic::line, Diagnostic::pointer, Diagnostic::file)
                .containsExactly(
                        tuple("invalid-entity", 2L, "/id", "a.ndjson"),
                        tuple("invalid-entity", 4L, "/id", "a.ndjson"),
                        tuple("duplicate-entity", 5L, "/id", "a.ndjson"));
    }

    @Test
    void anEntityMayStandInOneFileOnly() throws DataException {
        new EntityFile("a.ndjson", READER, entities).read(bytes("urn:a"));
        DataException refused = catchThrowableOfType(
                DataException.class, () -> new EntityFile("b.ndjson", READER, entities).read(bytes("urn:a")));
        assertThat(refused.diagnostics()).extracting(Diagnostic::code).containsExactly("duplicate-entity");
    }

    @Test
    void aFileOfNonsenseIsNotRepeatedInFull() {
        DataException refused =
                catchThrowableOfType(DataException.class, () -> new EntityFile("a.ndjson", READER, entities)
                        .read(bytes("!\n".repeat(5_000))));
        assertThat(refused.diagnostics()).hasSize(100);
    }

    @Test
    void resultsSayWhichAttributeOfWhichEntityIsMeant() throws DataException, ProgramException, IOException {
        new EntityFile("a.ndjson", READER, entities).read(bytes("urn:fast 90\nurn:empty\nurn:slow 10"));
        MergedGraph data = new MergedGraph(entities, new TripleGraph.Builder().build());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonReport.write(Validation.validate(program(), data), data.entityIds(), out);
        JsonNode results = new ObjectMapper().readTree(out.toByteArray()).get("results");
        assertThat(results).hasSize(2);
        JsonNode missing = results.get(0);
        assertThat(missing.get("focusNode").textValue()).isEqualTo("urn:empty");
        assertThat(missing.get("entity").textValue()).isEqualTo("urn:empty");
        assertThat(missing.get("attributePath")).isEmpty();
        JsonNode tooFast = results.get(1);
        assertThat(tooFast.get("focusNode").textValue())
                .isEqualTo(entities.get("urn:fast").attributes()[0].label());
        assertThat(tooFast.get("resultPath").textValue()).isEqualTo("<https://uri.etsi.org/ngsi-ld/hasValue>");
        assertThat(tooFast.get("entity").textValue()).isEqualTo("urn:fast");
        assertThat(tooFast.get("attributePath"))
                .hasToString("[{\"name\":\"https://x/speed\",\"datasetId\":\"@none\"}]");
        assertThat(tooFast.get("value"))
                .hasToString("{\"@value\":\"90\",\"@type\":\"http://www.w3.org/2001/XMLSchema#double\"}");
    }

    private static Attribute speed(String id, String number) {
        return new Attribute(
                id,
                "https://x/speed",
                "@none",
                Kind.PROPERTY,
                List.of(Numbers.DECLARED.literal(number)),
                Metadata.NONE);
    }

    private static Program program() throws ProgramException {
        return Program.read(
                bytes(
                        """
                {"formatVersion": 1, "numbers": "declared", "shapes": {
                  "S": {"targets": [{"class": "https://x/Machine"}], "severity": "urn:v", "property": ["P"]},
                  "P": {"path": {"predicate": "https://x/speed"}, "severity": "urn:v", "property": ["Q"],
                    "constraints": [{"component": "MinCount", "minCount": 1}]},
                  "Q": {"path": {"predicate": "https://uri.etsi.org/ngsi-ld/hasValue"}, "severity": "urn:v",
                    "constraints": [
                      {"component": "Datatype", "datatype": "http://www.w3.org/2001/XMLSchema#double"},
                      {"component": "MaxInclusive",
                       "value": {"@value": "80", "@type": "http://www.w3.org/2001/XMLSchema#integer"}}]}},
                 "units": [{"root": "S", "shape": "P", "attributes": ["https://x/speed"], "types": false}]}
                """));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
