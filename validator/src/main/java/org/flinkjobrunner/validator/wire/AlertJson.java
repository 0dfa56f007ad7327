package org.flinkjobrunner.validator.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.TermJson;

/** Writes alerts: the document, and the CloudEvent around it. {@link AlertDocument} reads them. */
public final class AlertJson implements Serializable {
    static final String TYPE = "org.flinkjobrunner.alert.";

    private static final long serialVersionUID = 1L;
    private static final int USUAL_LENGTH = 2048;
    private static final JsonFactory JSON = new JsonFactory();

    private final String deployment;
    private final TopicNames topics;

    public AlertJson(String deployment, TopicNames topics) {
        this.deployment = deployment;
        this.topics = topics;
    }

    /** A record of the alert topic: a CloudEvent 1.0. */
    public byte[] event(AlertTransition transition) {
        return written(json -> {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("id", transition.alertId() + '/' + transition.sequence());
            json.writeStringField("source", "flinkjobrunner/" + deployment);
            json.writeStringField("type", TYPE + transition.state().text());
            json.writeStringField("subject", transition.alert().entity());
            json.writeStringField("time", Times.text(transition.updatedAt()));
            json.writeStringField("datacontenttype", "application/json");
            json.writeFieldName("data");
            write(transition, json);
            json.writeEndObject();
        });
    }

    /** The alert alone, without the envelope. */
    public byte[] document(AlertTransition transition) {
        return written(json -> write(transition, json));
    }

    private void write(AlertTransition transition, JsonGenerator json) throws IOException {
        Alert alert = transition.alert();
        json.writeStartObject();
        json.writeStringField("alertId", transition.alertId());
        json.writeStringField("state", transition.state().text());
        json.writeNumberField("sequence", transition.sequence());
        json.writeStringField("deployment", deployment);
        json.writeStringField("program", alert.program());
        json.writeStringField("entity", alert.entity());
        writeTexts("entityTypes", alert.entityTypes(), json);
        writePath(alert.attributePath(), json);
        json.writeStringField("focusNode", alert.focusNode());
        json.writeStringField("resultPath", alert.resultPath());
        json.writeStringField("sourceShape", alert.sourceShape());
        json.writeStringField("sourceConstraintComponent", alert.component());
        json.writeStringField("severity", alert.severity());
        writeValues(alert, json);
        writeMessages(alert.messages(), json);
        json.writeStringField("eventTime", Times.text(transition.eventTime()));
        json.writeStringField("raisedAt", Times.text(transition.raisedAt()));
        json.writeStringField("updatedAt", Times.text(transition.updatedAt()));
        json.writeStringField("clearedAt", transition.state().stands() ? null : Times.text(transition.updatedAt()));
        writeRecord(transition.cause(), json);
        json.writeEndObject();
    }

    private static void writeTexts(String name, List<String> texts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void writePath(List<AttributeKey> path, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("attributePath");
        for (AttributeKey key : path) {
            json.writeStartObject();
            json.writeStringField("name", key.name());
            json.writeStringField("datasetId", key.datasetId());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeValues(Alert alert, JsonGenerator json) throws IOException {
        json.writeFieldName("value");
        if (alert.values().isEmpty()) {
            json.writeNull();
        } else {
            TermJson.write(json, alert.values().get(0));
        }
        json.writeNumberField("valueCount", alert.valueCount());
        json.writeArrayFieldStart("values");
        for (Term value : alert.values()) {
            TermJson.write(json, value);
        }
        json.writeEndArray();
    }

    private static void writeMessages(List<Message> messages, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("messages");
        for (Message message : messages) {
            json.writeStartObject();
            json.writeStringField("@value", message.value());
            if (message.language() != null) {
                json.writeStringField("@language", message.language());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeRecord(RecordOrder record, JsonGenerator json) throws IOException {
        json.writeFieldName("record");
        if (record == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("topic", topics.of(record.topic()));
        json.writeNumberField("partition", record.partition());
        json.writeNumberField("offset", record.offset());
        json.writeEndObject();
    }

    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * By way of a string, because what devices send may hold half of a surrogate pair, which the generator for bytes
     * refuses.
     */
    static byte[] written(Writer writer) {
        StringWriter text = new StringWriter(USUAL_LENGTH);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes everything", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
