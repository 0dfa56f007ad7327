package org.flinkjobrunner.validator.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.shapes.Message;

/** The alerts in the form of the IndustryFusion topics: keys and values of {@code iff.alerts} and {@code iff.alerts.bulk}. */
public final class IffAlerts {
    public static final String OK = "ok";
    public static final String OK_TEXT = "Ok";

    private static final String ENVIRONMENT = "Development";
    private static final String SERVICE = "SHACL Validator";
    private static final String CUSTOMER = "customer";
    private static final String NO_DATASET = "0";

    private IffAlerts() {}

    /** The name under which an alert is told there; several alerts of an entity may share it. */
    public static String event(Alert alert) {
        List<AttributeKey> path = new ArrayList<>(alert.attributePath());
        String missing = missingAttribute(alert);
        if (missing != null) {
            path.add(new AttributeKey(missing, NgsiLd.NO_DATASET));
        }
        StringBuilder event = new StringBuilder(localName(alert.component())).append('(');
        if (path.isEmpty()) {
            event.append(alert.sourceShape());
        }
        for (int i = 0; i < path.size(); i++) {
            AttributeKey key = path.get(i);
            event.append(i == 0 ? "" : " ==> ").append(key.name()).append('[');
            event.append(key.datasetId().equals(NgsiLd.NO_DATASET) ? NO_DATASET : key.datasetId());
            event.append(']');
        }
        return event.append(')').toString();
    }

    /** The result path, unless it leads to what an attribute says of itself. */
    private static String missingAttribute(Alert alert) {
        String path = alert.resultPath();
        if (path == null) {
            return null;
        }
        String iri = path.substring(1, path.length() - 1);
        return iri.startsWith(NgsiLd.NS) ? null : iri;
    }

    public static String severity(Alert alert) {
        String name = localName(alert.severity());
        return switch (name) {
            case "Violation" -> "critical";
            case "Warning" -> "warning";
            case "Info" -> "informational";
            default -> name;
        };
    }

    /** The smaller the worse. A severity that somebody took the trouble to name counts more than a warning. */
    public static int rank(String severity) {
        return switch (severity) {
            case "critical" -> 0;
            case "warning" -> 2;
            case "informational" -> 3;
            default -> 1;
        };
    }

    /** The first message in English or in no language, else the first of all. */
    public static String text(Alert alert) {
        List<Message> messages = alert.messages();
        for (Message message : messages) {
            if (message.language() == null || message.language().startsWith("en")) {
                return message.value();
            }
        }
        return messages.isEmpty()
                ? localName(alert.component())
                : messages.get(0).value();
    }

    public static byte[] bulkKey(String resource, String event) {
        return AlertJson.written(json -> {
            json.writeStartObject();
            writeName(resource, event, json);
            json.writeEndObject();
        });
    }

    public static byte[] key(String resource, String event) {
        return AlertJson.written(json -> {
            json.writeStartObject();
            writeName(resource, event, json);
            json.writeStringField("environment", ENVIRONMENT);
            json.writeEndObject();
        });
    }

    public static byte[] value(String resource, String event, String severity, String text) {
        return AlertJson.written(json -> {
            json.writeStartObject();
            writeName(resource, event, json);
            json.writeStringField("environment", ENVIRONMENT);
            json.writeArrayFieldStart("service");
            json.writeString(SERVICE);
            json.writeEndArray();
            json.writeStringField("severity", severity);
            json.writeStringField("customer", CUSTOMER);
            json.writeStringField("text", text);
            json.writeEndObject();
        });
    }

    private static void writeName(String resource, String event, JsonGenerator json) throws IOException {
        json.writeStringField("resource", resource);
        json.writeStringField("event", event);
    }

    private static String localName(String iri) {
        int end = Math.max(iri.lastIndexOf('#'), Math.max(iri.lastIndexOf('/'), iri.lastIndexOf(':')));
        return end == iri.length() - 1 ? iri : iri.substring(end + 1);
    }
}
