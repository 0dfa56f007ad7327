package org.flinkjobrunner.validator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.term.TermJson;

/** Reads what {@link AlertJson} wrote, but for the input record that caused it: its place is of no use any more. */
public final class AlertDocument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertDocument() {}

    /** @throws IOException when it is no event of an alert; the message says what was expected */
    public static AlertTransition read(byte[] event) throws IOException {
        JsonNode data = JSON.readTree(event).path("data");
        try {
            return transition(data);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("the record is no alert: " + e.getMessage(), e);
        }
    }

    private static AlertTransition transition(JsonNode data) {
        AlertTransition.State state = AlertTransition.State.of(text(data, "state"));
        if (state == null) {
            throw new IllegalArgumentException("state is " + data.path("state"));
        }
        return new AlertTransition(
                text(data, "alertId"),
                state,
                member(data, "sequence").longValue(),
                alert(data),
                time(data, "eventTime"),
                time(data, "raisedAt"),
                time(data, "updatedAt"),
                null);
    }

    private static Alert alert(JsonNode data) {
        return new Alert(
                text(data, "entity"),
                list(data, "entityTypes", JsonNode::textValue),
                list(data, "attributePath", key -> new AttributeKey(text(key, "name"), text(key, "datasetId"))),
                text(data, "focusNode"),
                data.path("resultPath").textValue(),
                text(data, "sourceShape"),
                text(data, "sourceConstraintComponent"),
                text(data, "severity"),
                list(data, "values", TermJson::read),
                member(data, "valueCount").intValue(),
                list(
                        data,
                        "messages",
                        message -> new Message(
                                text(message, "@value"),
                                message.path("@language").textValue())),
                text(data, "program"));
    }

    private static JsonNode member(JsonNode object, String name) {
        JsonNode member = object.get(name);
        if (member == null || member.isNull()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return member;
    }

    private static String text(JsonNode object, String name) {
        JsonNode member = member(object, name);
        if (!member.isTextual()) {
            throw new IllegalArgumentException(name + " is no text");
        }
        return member.textValue();
    }

    private static long time(JsonNode object, String name) {
        return Times.parse(text(object, name));
    }

    private static <T> List<T> list(JsonNode object, String name, Function<JsonNode, T> read) {
        List<T> list = new ArrayList<>();
        for (JsonNode member : member(object, name)) {
            list.add(read.apply(member));
        }
        return List.copyOf(list);
    }
}
