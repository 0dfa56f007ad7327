package org.flinkjobrunner.validator.batch;

import com.apicatalog.jsonld.JsonLd;
import com.apicatalog.jsonld.JsonLdError;
import com.apicatalog.jsonld.api.ExpansionApi;
import com.apicatalog.jsonld.document.JsonDocument;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParsingException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.program.Contexts;
import org.flinkjobrunner.validator.term.Numbers;

/**
 * Reads JSON-LD. It is expanded first, so that plain numbers can be given to the numbers setting before the processor makes
 * literals of them by its own rule.
 */
final class JsonLdFile {
    private final String file;
    private final int fileNumber;
    private final Limits limits;
    private final Numbers numbers;
    private final JsonLdContexts contexts;

    JsonLdFile(String file, int fileNumber, Limits limits, Numbers numbers, Contexts contexts) {
        this.file = file;
        this.fileNumber = fileNumber;
        this.limits = limits;
        this.numbers = numbers;
        this.contexts = new JsonLdContexts(contexts);
    }

    void read(byte[] content, TripleGraph.Builder graph) throws DataException {
        JsonStructure json = parse(content);
        JsonLdQuads quads = new JsonLdQuads(file, fileNumber, limits, numbers, graph);
        process(json, quads);
        boolean empty = json instanceof JsonObject object ? object.isEmpty() : ((JsonArray) json).isEmpty();
        if (quads.finish() == 0 && !empty) {
            throw refuse("no-triples", "nothing in the document means an RDF triple", "give it an @context");
        }
    }

    private JsonStructure parse(byte[] content) throws DataException {
        try (JsonReader reader = Json.createReaderFactory(null)
                .createReader(new ByteArrayInputStream(content), StandardCharsets.UTF_8)) {
            return reader.read();
        } catch (JsonParsingException e) {
            long line = e.getLocation().getLineNumber();
            long column = e.getLocation().getColumnNumber();
            throw new DataException(
                    new Diagnostic("syntax-error", file, line, column, null, e.getMessage(), "correct the file"));
        } catch (jakarta.json.JsonException e) {
            throw refuse("syntax-error", e.getMessage(), "correct the file");
        }
    }

    private void process(JsonStructure json, JsonLdQuads quads) throws DataException {
        URI base = Path.of(file).toUri();
        try {
            ExpansionApi expansion =
                    JsonLd.expand(JsonDocument.of(json)).base(base).loader(contexts);
            if (!hasContext(json)) {
                expansion.context(contexts.defaultContext());
            }
            JsonArray expanded = expansion.get();
            JsonLd.toRdf(JsonDocument.of(mark(expanded)))
                    .base(base)
                    .loader(contexts)
                    .provide(quads);
        } catch (JsonLdError e) {
            if (contexts.unknown() != null) {
                throw refuse(
                        "unknown-context",
                        "the @context <" + contexts.unknown() + "> is not known, and contexts are never fetched",
                        "give it as --context IRI=FILE");
            }
            throw refuse("invalid-json-ld", e.getCode() + ": " + e.getMessage(), "correct the file");
        }
    }

    /** NGSI-LD has documents whose context is understood; to JSON-LD alone their "type" would mean nothing. */
    private static boolean hasContext(JsonStructure json) {
        return json instanceof JsonArray array
                ? array.stream().anyMatch(element -> element instanceof JsonObject object && hasContext(object))
                : ((JsonObject) json).containsKey("@context");
    }

    private static JsonArray mark(JsonArray expanded) {
        JsonArrayBuilder marked = Json.createArrayBuilder();
        expanded.forEach(element -> marked.add(mark(element)));
        return marked.build();
    }

    private static JsonValue mark(JsonValue value) {
        if (value instanceof JsonArray array) {
            return mark(array);
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        if (object.containsKey("@value")) {
            return object.get("@value") instanceof JsonNumber number && !object.containsKey("@type")
                    ? plainNumber(number)
                    : object;
        }
        JsonObjectBuilder marked = Json.createObjectBuilder();
        object.forEach((name, member) -> marked.add(name, mark(member)));
        return marked.build();
    }

    private static JsonObject plainNumber(JsonNumber number) {
        return Json.createObjectBuilder()
                .add("@value", number.toString())
                .add("@type", JsonLdQuads.PLAIN_NUMBER)
                .build();
    }

    private DataException refuse(String code, String message, String hint) {
        return new DataException(Diagnostic.ofFile(code, file, message, hint));
    }
}
