package org.flinkjobrunner.validator.stream.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.wire.AlertTransition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EchoStageTest {
    private OneInputStreamOperatorTestHarness<ConsumerRecord<byte[], byte[]>, Echo> stage;

    private void start(Map<Integer, Long> ends, OperatorSubtaskState state) throws Exception {
        stage = new OneInputStreamOperatorTestHarness<>(new EchoStage("default", ends));
        if (state != null) {
            stage.initializeState(state);
        }
        stage.open();
        stage.setProcessingTime(1);
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private void read(int partition, long offset, String key, String value, String... headers) throws Exception {
        RecordHeaders all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        stage.processElement(new StreamRecord<>(new ConsumerRecord<>(
                "shacl.alerts",
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                all,
                Optional.empty())));
    }

    private void readAlert(int partition, long offset) throws Exception {
        read(partition, offset, "a", "{}", "deployment", "default", "attempt", "x", "sequence", "3", "state", "raised");
    }

    private boolean readBack() {
        return stage.getOutput().contains(new Watermark(Clock.LOADED));
    }

    @Test
    void onlyOursAreHeard() throws Exception {
        start(Map.of(), null);
        readAlert(0, 0);
        read(0, 1, "b", "{}", "deployment", "other", "attempt", "x", "sequence", "3", "state", "raised");
        read(0, 2, "c", "{}");
        read(0, 3, "d", "{}", "deployment", "default", "attempt", "x", "sequence", "3", "state", "gone");
        read(0, 4, "e", "{}", "deployment", "default", "attempt", "x", "sequence", "three", "state", "raised");
        read(0, 5, null, "{}");
        read(0, 6, "f", null);
        List<Echo> heard = stage.extractOutputValues();
        assertThat(heard).extracting(Echo::alertId).containsExactly("a", "f");
        assertThat(heard.get(0).sequence()).isEqualTo(3);
        assertThat(heard.get(0).state()).isEqualTo(AlertTransition.State.RAISED);
        assertThat(heard.get(1).isTombstone()).isTrue();
    }

    @Test
    void anEmptyTopicHasBeenReadBackAtOnce() throws Exception {
        start(Map.of(), null);
        assertThat(readBack()).isTrue();
    }

    @Test
    void allPartitionsHaveToBeReadBack() throws Exception {
        start(Map.of(0, 5L, 2, 9L), null);
        readAlert(0, 6);
        readAlert(1, 100);
        readAlert(2, 8);
        assertThat(readBack()).isFalse();
        readAlert(2, 9);
        assertThat(readBack()).isTrue();
    }

    @Test
    void whatWasReadBackIsRestored() throws Exception {
        start(Map.of(0, 5L, 2, 9L), null);
        readAlert(0, 6);
        OperatorSubtaskState half = stage.snapshot(1, 1);
        readAlert(2, 9);
        OperatorSubtaskState all = stage.snapshot(2, 2);
        close();
        start(Map.of(0, 5L, 2, 9L), half);
        assertThat(readBack()).isFalse();
        readAlert(2, 9);
        assertThat(readBack()).isTrue();
        close();
        start(Map.of(0, 5L, 2, 9L), all);
        assertThat(readBack()).as("told again, because nobody else remembers").isTrue();
    }
}
