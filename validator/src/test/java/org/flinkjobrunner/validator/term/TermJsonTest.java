package org.flinkjobrunner.validator.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TermJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"@id\":\"https://x/a\"}",
                "{\"@id\":\"_:b0\"}",
                "{\"@value\":\"1\",\"@type\":\"http://www.w3.org/2001/XMLSchema#integer\"}",
                "{\"@value\":\"a\\\"b\",\"@language\":\"en\"}",
            })
    void readAndWritten(String json) throws IOException {
        StringWriter written = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(written)) {
            TermJson.write(generator, TermJson.read(JSON.readTree(json)));
        }
        assertThat(written).hasToString(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "{}",
                "{\"@id\":1}",
                "{\"@value\":\"a\"}",
                "{\"@value\":1,\"@type\":\"x\"}",
                "{\"@id\":\"a\",\"@value\":\"b\"}",
                "{\"@value\":\"a\",\"@type\":\"x\",\"@language\":\"en\"}",
            })
    void whatIsNoTermIsRefused(String json) throws IOException {
        var node = JSON.readTree(json);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TermJson.read(node))
                .withMessageContaining("not a term");
    }

    @Test
    void nodesAsText() {
        assertThat(TermJson.nodeText(new Iri("urn:a"))).isEqualTo("urn:a");
        assertThat(TermJson.nodeText(new NamedBlankNode("_:a"))).isEqualTo("_:a");
        assertThat(TermJson.nodeText(Literal.string("a\"\\\n"))).isEqualTo("\"a\\\"\\\\\\n\"");
        assertThat(TermJson.nodeText(Literal.lang("a", "en"))).isEqualTo("\"a\"@en");
        assertThat(TermJson.nodeText(Literal.of("1", Xsd.INTEGER)))
                .isEqualTo("\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>");
    }

    @Test
    void canonicalOrder() {
        List<Term> ordered = List.of(
                new Iri("a"),
                new Iri("b"),
                new NamedBlankNode("_:a"),
                Literal.string("1"),
                Literal.lang("2", "de"),
                Literal.lang("2", "en"),
                Literal.of("2", Xsd.INTEGER),
                Literal.string("2"));
        List<Term> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(7));
        assertThat(shuffled).isNotEqualTo(ordered);
        shuffled.sort(TermOrder.INSTANCE);
        assertThat(shuffled).isEqualTo(ordered);
    }
}
