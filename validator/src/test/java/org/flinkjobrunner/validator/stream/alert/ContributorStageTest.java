package org.flinkjobrunner.validator.stream.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContributorStageTest {
    private static final String RESOURCE = "urn:test:cutter:1";
    private static final String EVENT = "MinCountConstraintComponent(https://example.org/state[0])";

    private KeyedOneInputStreamOperatorTestHarness<String, Contribution, OutRecord> stage;

    @BeforeEach
    void start() throws Exception {
        stage = harness();
        stage.open();
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Contribution, OutRecord> harness() throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new ContributorStage("iff.alerts", "iff.alerts.bulk")),
                Contribution::key,
                Types.STRING);
    }

    private void raise(String alertId, String severity, String text) throws Exception {
        stage.processElement(new Contribution(RESOURCE, EVENT, alertId, severity, text), 0);
    }

    private void clear(String alertId) throws Exception {
        raise(alertId, null, null);
    }

    /** What was written since it was last asked: topic, severity, text. */
    private List<String> written() {
        List<String> written = stage.extractOutputValues().stream()
                .map(record -> record.topic() + " "
                        + (record.value() == null ? "-" : text(record.value()).replaceAll(".*\"severity\":", "")))
                .toList();
        stage.getOutput().clear();
        return written;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void oneAlertIsToldOnBothTopicsAndCleared() throws Exception {
        raise("a", "critical", "too hot");
        List<OutRecord> records = stage.extractOutputValues();
        assertThat(text(records.get(0).key()))
                .isEqualTo("{\"resource\":\"" + RESOURCE + "\",\"event\":\"" + EVENT + "\"}");
        assertThat(text(records.get(1).key()))
                .isEqualTo("{\"resource\":\"" + RESOURCE + "\",\"event\":\"" + EVENT
                        + "\",\"environment\":\"Development\"}");
        assertThat(text(records.get(0).value()))
                .isEqualTo("{\"resource\":\"" + RESOURCE + "\",\"event\":\"" + EVENT
                        + "\",\"environment\":\"Development\",\"service\":[\"SHACL Validator\"],"
                        + "\"severity\":\"critical\",\"customer\":\"customer\",\"text\":\"too hot\"}");
        written();
        clear("a");
        assertThat(written())
                .containsExactly("iff.alerts.bulk -", "iff.alerts \"ok\",\"customer\":\"customer\",\"text\":\"Ok\"}");
    }

    @Test
    void theWorstShowsUntilTheLastOneClears() throws Exception {
        raise("a", "warning", "warm");
        raise("b", "critical", "hot");
        assertThat(written()).hasSize(4).last().asString().contains("critical", "hot");
        raise("c", "informational", "mild");
        raise("b", "critical", "hot");
        clear("c");
        assertThat(written()).isEmpty();
        clear("b");
        assertThat(written()).hasSize(2).last().asString().contains("warning", "warm");
        clear("a");
        assertThat(written()).first().isEqualTo("iff.alerts.bulk -");
    }

    @Test
    void aClearOfWhatAnEarlierJobRaisedIsToldToo() throws Exception {
        clear("a");
        assertThat(written()).first().isEqualTo("iff.alerts.bulk -");
    }

    @Test
    void contributorsAreRestored() throws Exception {
        raise("a", "critical", "hot");
        raise("b", "critical", "hot");
        OperatorSubtaskState checkpoint = stage.snapshot(1, 1);
        stage.close();
        stage = harness();
        stage.initializeState(checkpoint);
        stage.open();
        clear("a");
        assertThat(written()).isEmpty();
        clear("b");
        assertThat(written()).hasSize(2);
    }
}
