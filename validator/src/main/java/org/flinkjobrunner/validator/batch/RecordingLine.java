package org.flinkjobrunner.validator.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Map;
import org.flinkjobrunner.validator.wire.Operation;
import org.flinkjobrunner.validator.wire.Times;

/**
 * One line of a recording. The members that are about the record ({@code _timestamp}, {@code _operation},
 * {@code _tombstone}) are cut out of the text, so that the rest is exactly what a producer sent: a number's form counts.
 */
final class RecordingLine {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

    private final byte[] line;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Map<String, String> texts = new HashMap<>();
    private Long timestamp;
    private Operation operation;
    private boolean tombstone;
    private boolean object;

    /** Why a line is refused. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String code;
        private final String hint;

        Refused(String code, String message, String hint) {
            super(message);
            this.code = code;
            this.hint = hint;
        }

        String code() {
            return code;
        }

        String hint() {
            return hint;
        }
    }

    private RecordingLine(byte[] line) {
        this.line = line;
    }

    static RecordingLine read(byte[] line) throws IOException, Refused {
        RecordingLine read = new RecordingLine(line);
        try (JsonParser json = JSON.createParser(line)) {
            JsonToken first = json.nextToken();
            read.object = first == JsonToken.START_OBJECT;
            if (read.object) {
                read.members(json);
            } else if (first == JsonToken.START_ARRAY) {
                json.skipChildren();
                read.kept.writeBytes(line);
            } else {
                throw new Refused("invalid-record", "the line is neither an object nor an array", null);
            }
            if (json.nextToken() != null) {
                throw new Refused("invalid-json", "there is more behind the record", "write one record per line");
            }
        }
        return read;
    }

    private void members(JsonParser json) throws IOException, Refused {
        kept.write('{');
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            int from = (int) json.currentTokenLocation().getByteOffset();
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                texts.put(name, json.getText());
            }
            switch (name) {
                case "_timestamp" -> timestamp = timestamp(json);
                case "_operation" -> operation = operation(json);
                case "_tombstone" -> tombstone = value == JsonToken.VALUE_TRUE;
                default -> keep(json, from);
            }
        }
        kept.write('}');
    }

    private void keep(JsonParser json, int from) throws IOException {
        json.skipChildren();
        json.finishToken();
        int to = (int) json.currentLocation().getByteOffset();
        if (kept.size() > 1) {
            kept.write(',');
        }
        kept.write(line, from, to - from);
    }

    private static long timestamp(JsonParser json) throws IOException, Refused {
        String hint = "write ISO 8601 with a zone, such as 2026-01-01T00:00:00.000Z, or milliseconds since 1970";
        try {
            if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return json.getLongValue();
            }
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                return Times.parse(json.getText());
            }
        } catch (DateTimeException | IOException e) {
            throw new Refused("invalid-timestamp", "_timestamp is no time: " + json.getText(), hint);
        }
        throw new Refused("invalid-timestamp", "_timestamp is no time", hint);
    }

    private static Operation operation(JsonParser json) throws IOException, Refused {
        Operation operation = json.currentToken() == JsonToken.VALUE_STRING ? Operation.of(json.getText()) : null;
        if (operation == null) {
            throw new Refused(
                    "unknown-operation",
                    "_operation is none of replace, upsert, update, merge, delete",
                    "correct it, or leave it out for replace");
        }
        return operation;
    }

    /** Null when the line does not say. */
    Long timestamp() {
        return timestamp;
    }

    /** Null when the line does not say. */
    Operation operation() {
        return operation;
    }

    boolean tombstone() {
        return tombstone;
    }

    /** Whether it is an object, not an array of entities. */
    boolean object() {
        return object;
    }

    /** A member whose value is a string, else null. */
    String text(String name) {
        return texts.get(name);
    }

    /** The record's value: without the members about the record. */
    byte[] value() {
        return tombstone ? null : kept.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
