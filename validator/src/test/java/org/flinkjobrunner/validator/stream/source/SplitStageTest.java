package org.flinkjobrunner.validator.stream.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.stream.PartitionEnd;
import org.flinkjobrunner.validator.stream.Topics;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SplitStageTest {
    private static final int MAX_PARALLELISM = 128;
    private static final int PARALLELISM = 3;
    private static final String ENTITY = "{\"id\":\"urn:x:1\",\"type\":\"https://example.org/T\"}";

    private OneInputStreamOperatorTestHarness<ConsumerRecord<byte[], byte[]>, InputRecord> stage;

    @BeforeEach
    void start() throws Exception {
        stage = new OneInputStreamOperatorTestHarness<>(
                new SplitStage(
                        Topics.DEFAULT.inputs(),
                        List.of(
                                new PartitionEnd(InputTopic.NGSI_LD, 0, 5),
                                new PartitionEnd(InputTopic.IFF_ATTRIBUTES, 2, 7))),
                MAX_PARALLELISM,
                PARALLELISM,
                1);
        stage.open();
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private void read(InputTopic topic, int partition, long offset, String value, String operation) throws Exception {
        RecordHeaders headers = new RecordHeaders();
        if (operation != null) {
            headers.add("ngsi-ld-operation", operation.getBytes(StandardCharsets.UTF_8));
        }
        stage.processElement(new StreamRecord<>(new ConsumerRecord<>(
                topic.defaultName(),
                partition,
                offset,
                17,
                TimestampType.CREATE_TIME,
                0,
                0,
                "urn:x:1".getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                headers,
                Optional.empty())));
    }

    private List<InputRecord> markers() {
        return stage.extractOutputValues().stream().filter(InputRecord::marker).toList();
    }

    @Test
    void aRecordKnowsItsPlaceAndItsOperation() throws Exception {
        read(InputTopic.NGSI_LD, 1, 4, ENTITY, "merge");
        InputRecord record = stage.extractOutputValues().get(0);
        assertThat(record.entityId()).isEqualTo("urn:x:1");
        assertThat(record.operation()).isEqualTo(Operation.MERGE);
        assertThat(record.order().offset()).isEqualTo(4);
        assertThat(record.partition()).isEqualTo(1);
        assertThat(record.timestamp()).isEqualTo(17);
    }

    @Test
    void severalEntitiesAreSeveralRecords() throws Exception {
        read(InputTopic.NGSI_LD, 1, 4, "[" + ENTITY + "," + ENTITY.replace("x:1", "x:2") + "]", null);
        assertThat(stage.extractOutputValues())
                .extracting(InputRecord::entityId)
                .containsExactly("urn:x:1", "urn:x:2");
    }

    @Test
    void whatCannotBeSplitGoesToTheDeadLettersAsItWas() throws Exception {
        read(InputTopic.NGSI_LD, 1, 4, "{\"id\":", null);
        read(InputTopic.NGSI_LD, 1, 5, ENTITY, "upsort");
        assertThat(stage.extractOutputValues()).isEmpty();
        List<DeadLetter> letters = stage.getSideOutput(SplitStage.DEAD_LETTERS).stream()
                .map(StreamRecord::getValue)
                .toList();
        assertThat(letters).extracting(DeadLetter::code).last().isEqualTo("unknown-operation");
        assertThat(new String(letters.get(0).record().value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"id\":");
    }

    @Test
    void behindTheLastRecordOfAPartitionEachInstanceGetsAMarker() throws Exception {
        read(InputTopic.NGSI_LD, 0, 4, ENTITY, null);
        assertThat(markers()).isEmpty();
        read(InputTopic.NGSI_LD, 0, 6, "no JSON", null); // 5 is the marker of a transaction, say
        assertThat(markers())
                .extracting(marker -> KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        marker.entityId(), MAX_PARALLELISM, PARALLELISM))
                .containsExactly(0, 1, 2);
        assertThat(markers()).allMatch(marker -> marker.topic() == InputTopic.NGSI_LD && marker.partition() == 0);
        read(InputTopic.NGSI_LD, 0, 7, ENTITY, null);
        read(InputTopic.NGSI_LD, 1, 7, ENTITY, null);
        assertThat(markers()).as("once for each partition").hasSize(PARALLELISM);
    }
}
