package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flinkjobrunner.validator.stream.PartitionEnd;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.junit.jupiter.api.Test;

class GateTest {
    private static Gate gate(long firstEnd, long secondEnd) {
        return new Gate(List.of(
                new PartitionEnd(InputTopic.NGSI_LD, 0, firstEnd), new PartitionEnd(InputTopic.NGSI_LD, 1, secondEnd)));
    }

    private static InputRecord marker(int partition) {
        return InputRecord.marker(InputTopic.NGSI_LD, partition, "marker:0");
    }

    @Test
    void opensWhenEveryEndIsPassed() {
        Gate gate = gate(10, 20);
        assertThat(gate.pass(marker(1))).isFalse();
        assertThat(gate.pass(marker(1))).as("a marker may come again").isFalse();
        assertThat(gate.isOpen()).isFalse();
        assertThat(gate.pass(marker(0))).isTrue();
        assertThat(gate.pass(marker(0))).as("it opens once").isFalse();
    }

    @Test
    void isOpenWhereThereIsNothingToLoad() {
        assertThat(new Gate(List.of()).isOpen()).isTrue();
    }

    @Test
    void whatOneInstanceHasNotPassedIsStillAwaited() {
        Gate first = gate(10, 20);
        first.pass(marker(0));
        Gate second = gate(10, 20);
        second.pass(marker(0));
        second.pass(marker(1));
        Gate restored = gate(10, 20);
        restored.restore(List.of(first.note(), second.note()));
        assertThat(restored.isOpen()).isFalse();
        assertThat(restored.pass(marker(1))).isTrue();
    }

    @Test
    void anEndThatWasPassedStaysSoThoughTheNextStartFindsItFarther() {
        Gate before = gate(10, 20);
        before.pass(marker(0));
        Gate restored = gate(15, 20);
        restored.restore(List.of(before.note()));
        assertThat(restored.pass(marker(1)))
                .as("no marker of the first need come")
                .isTrue();
    }

    @Test
    void openStaysOpen() {
        Gate restored = gate(10, 20);
        restored.restore(List.of("open", "open"));
        assertThat(restored.isOpen()).isTrue();
    }
}
