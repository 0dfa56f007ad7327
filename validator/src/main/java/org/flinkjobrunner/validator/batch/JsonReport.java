package org.flinkjobrunner.validator.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.TermJson;

/** Writes results and diagnostics as JSON. */
final class JsonReport {
    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private JsonReport() {}

    /** @param entityIds of the NGSI-LD entities among the data: their results say which attribute is meant */
    static void write(List<Result> results, Set<String> entityIds, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeBooleanField("conforms", results.isEmpty());
            json.writeArrayFieldStart("results");
            for (Result result : results) {
                write(result, entityIds, json);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(Result result, Set<String> entityIds, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("focusNode", TermJson.nodeText(result.focusNode()));
        json.writeStringField("resultPath", result.pathText());
        json.writeFieldName("value");
        if (result.value() == null) {
            json.writeNull();
        } else {
            TermJson.write(json, result.value());
        }
        json.writeStringField("sourceShape", result.shape().label());
        json.writeStringField("sourceConstraintComponent", result.constraint().componentIri());
        json.writeStringField("severity", result.shape().severity());
        json.writeArrayFieldStart("messages");
        for (Message message : result.shape().messagesFor(result.constraint())) {
            write(message, json);
        }
        json.writeEndArray();
        writePlace(result.focusNode(), entityIds, json);
        json.writeEndObject();
    }

    private static void write(Message message, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("@value", message.value());
        if (message.language() != null) {
            json.writeStringField("@language", message.language());
        }
        json.writeEndObject();
    }

    private static void writePlace(Term focusNode, Set<String> entityIds, JsonGenerator json) throws IOException {
        Attribute attribute = focusNode instanceof StructuredNode node
                ? node.attribute()
                : focusNode instanceof Attribute itself ? itself : null;
        if (attribute != null) {
            writePlace(attribute.entityId(), attribute.path(), json);
        } else if (focusNode instanceof Iri iri && entityIds.contains(iri.value())) {
            writePlace(iri.value(), List.of(), json);
        }
    }

    private static void writePlace(String entity, List<AttributeKey> path, JsonGenerator json) throws IOException {
        json.writeStringField("entity", entity);
        json.writeArrayFieldStart("attributePath");
        for (AttributeKey key : path) {
            json.writeStartObject();
            json.writeStringField("name", key.name());
            json.writeStringField("datasetId", key.datasetId());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void writeDiagnostics(List<Diagnostic> diagnostics, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("diagnostics");
            for (Diagnostic diagnostic : diagnostics) {
                write(diagnostic, json);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(Diagnostic diagnostic, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("code", diagnostic.code());
        json.writeStringField("file", diagnostic.file());
        if (diagnostic.line() != null) {
            json.writeNumberField("line", diagnostic.line());
        }
        if (diagnostic.column() != null) {
            json.writeNumberField("column", diagnostic.column());
        }
        if (diagnostic.pointer() != null) {
            json.writeStringField("pointer", diagnostic.pointer());
        }
        json.writeStringField("message", diagnostic.message());
        json.writeStringField("hint", diagnostic.hint());
        json.writeEndObject();
    }
}
