package org.flinkjobrunner.validator.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.flinkjobrunner.validator.stream.Family;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.TopicNames;

/** Makes of the lines of a file the records that Kafka would have had. Nothing runs when one of them is no record. */
final class Recording {
    /** Enough to see what is wrong with a file; the rest would say the same. */
    private static final int MAX_DIAGNOSTICS = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String file;
    private final Family family;
    private final TopicNames names;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private long timestamp;

    private Recording(String file, Family family, TopicNames names) {
        this.file = file;
        this.family = family;
        this.names = names;
    }

    static List<ConsumerRecord<byte[], byte[]>> read(String file, byte[] content, Family family, TopicNames names)
            throws DataException {
        Recording recording = new Recording(file, family, names);
        recording.lines(content);
        if (!recording.diagnostics.isEmpty()) {
            throw new DataException(recording.diagnostics);
        }
        return recording.records;
    }

    private void lines(byte[] content) {
        long number = 0;
        int start = 0;
        while (start < content.length && diagnostics.size() < MAX_DIAGNOSTICS) {
            int end = start;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            number++;
            byte[] line = Arrays.copyOfRange(content, start, end);
            if (!isBlank(line)) {
                line(line, number);
            }
            start = end + 1;
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte one : line) {
            if (one != ' ' && one != '\t' && one != '\r') {
                return false;
            }
        }
        return true;
    }

    private void line(byte[] json, long number) {
        try {
            records.add(record(RecordingLine.read(json), number - 1));
        } catch (JsonProcessingException e) {
            long column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
            diagnostics.add(new Diagnostic(
                    "invalid-json",
                    file,
                    number,
                    column,
                    null,
                    "the line is no JSON: " + e.getOriginalMessage(),
                    "write one JSON document per line"));
        } catch (RecordingLine.Refused e) {
            diagnostics.add(new Diagnostic(e.code(), file, number, null, null, e.getMessage(), e.hint()));
        } catch (IOException e) {
            diagnostics.add(new Diagnostic("invalid-json", file, number, null, null, e.getMessage(), null));
        }
    }

    private ConsumerRecord<byte[], byte[]> record(RecordingLine line, long offset)
            throws RecordingLine.Refused, IOException {
        timestamp = line.timestamp() == null ? timestamp : line.timestamp();
        InputTopic topic = topic(line);
        RecordHeaders headers = new RecordHeaders();
        if (line.operation() != null) {
            headers.add(
                    "ngsi-ld-operation", RecordingLine.bytes(line.operation().text()));
        }
        return new ConsumerRecord<>(
                names.of(topic),
                0,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                key(line, topic),
                line.value(),
                headers,
                Optional.empty());
    }

    private InputTopic topic(RecordingLine line) throws RecordingLine.Refused {
        if (family == Family.NGSI_LD) {
            return InputTopic.NGSI_LD;
        }
        if (!line.object()) {
            throw new RecordingLine.Refused("invalid-record", "the line is no object", "--source iff has no arrays");
        }
        boolean attribute = line.text("entityId") != null || line.text("name") != null;
        return attribute ? InputTopic.IFF_ATTRIBUTES : InputTopic.IFF_ENTITIES;
    }

    /** As producers choose it: the entity's id. */
    private static byte[] key(RecordingLine line, InputTopic topic) throws RecordingLine.Refused, IOException {
        if (topic == InputTopic.IFF_ATTRIBUTES) {
            String id = required(line, line.tombstone() ? "id" : "entityId");
            return line.tombstone() ? attributeKey(id, line.text("datasetId")) : RecordingLine.bytes(id);
        }
        boolean several = !line.object() || "Notification".equals(line.text("type"));
        if (several && topic == InputTopic.NGSI_LD) {
            return null;
        }
        boolean event = topic == InputTopic.NGSI_LD && line.text("id") == null && line.text("entityId") != null;
        return RecordingLine.bytes(required(line, event ? "entityId" : "id"));
    }

    private static byte[] attributeKey(String id, String datasetId) throws IOException {
        ObjectNode key = JSON.createObjectNode().put("id", id);
        return JSON.writeValueAsBytes(datasetId == null ? key : key.put("datasetId", datasetId));
    }

    private static String required(RecordingLine line, String name) throws RecordingLine.Refused {
        String text = line.text(name);
        if (text == null) {
            throw new RecordingLine.Refused("missing-id", "the record has no " + name, "every record names its entity");
        }
        return text;
    }
}
