package org.flinkjobrunner.validator.stream.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.stream.Acknowledgement;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.Times;
import org.flinkjobrunner.validator.wire.TopicNames;

/** The records of the status topic and of the dead letters. */
public final class OutRecords implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String statusTopic;
    private final String deadLetterTopic;
    private final TopicNames inputTopics;

    public OutRecords(String statusTopic, String deadLetterTopic, TopicNames inputTopics) {
        this.statusTopic = statusTopic;
        this.deadLetterTopic = deadLetterTopic;
        this.inputTopics = inputTopics;
    }

    public OutRecord of(Acknowledgement told) {
        ObjectNode value = JSON.createObjectNode()
                .put("deployment", told.deployment())
                .put("stage", told.stage())
                .put("instance", told.instance())
                .put("parallelism", told.parallelism())
                .put("epoch", told.epoch())
                .put("digest", told.digest())
                .put("state", told.state().name())
                .put("entitiesRechecked", told.entitiesRechecked())
                .put("time", Times.text(told.time()));
        String key = told.deployment() + '/' + told.stage() + '/' + told.instance();
        return new OutRecord(statusTopic, bytes(key), bytes(value.toString()), List.of());
    }

    /** Key and value as they came. */
    public OutRecord of(DeadLetter letter) {
        InputRecord record = letter.record();
        List<OutRecord.Header> headers = new ArrayList<>();
        headers.add(OutRecord.Header.of("error-code", letter.code()));
        headers.add(OutRecord.Header.of("error-message", letter.message()));
        if (letter.pointer() != null) {
            headers.add(OutRecord.Header.of("error-pointer", letter.pointer()));
        }
        headers.add(OutRecord.Header.of("source-topic", inputTopics.of(record.topic())));
        headers.add(OutRecord.Header.of("source-partition", Integer.toString(record.partition())));
        headers.add(OutRecord.Header.of("source-offset", Long.toString(record.offset())));
        return new OutRecord(deadLetterTopic, record.key(), record.value(), headers);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
