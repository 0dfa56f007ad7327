package org.flinkjobrunner.validator.stream.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.flinkjobrunner.validator.stream.alert.AlertState;
import org.flinkjobrunner.validator.stream.alert.Alerts;
import org.junit.jupiter.api.Test;

/** Savepoints outlive jobs: the bytes of each version that was ever written stand here, and must stay readable. */
class AlertStateSerializerTest {
    private static final AlertState WAITS =
            new AlertState(new byte[] {1, 2, 3}, 1_000, Alerts.CAUSE, 2_000, null, 7, 3_000, 4_000);
    private static final String WAITS_VERSION_1 =
            "0100040102030000000000000003e80100000000000003e800000003000000000000002a00000000000007d000000000000000070000000000000bb80000000000000fa0";
    private static final String SAME_VERSION_1 =
            "01010401020300000000000003e800800000000000000000000000000000080000000000000bb80000000000000fa0";

    private static AlertState same() {
        byte[] content = {1, 2, 3};
        return new AlertState(content, 1_000, null, Long.MIN_VALUE, content, 8, 3_000, 4_000);
    }

    private static byte[] written(AlertState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        AlertStateSerializer.INSTANCE.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    private static AlertState read(String hex) throws IOException {
        return AlertStateSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(HexFormat.of().parseHex(hex)));
    }

    @Test
    void version1IsRead() throws IOException {
        assertThat(read(WAITS_VERSION_1)).usingRecursiveComparison().isEqualTo(WAITS);
        AlertState same = read(SAME_VERSION_1);
        assertThat(same).usingRecursiveComparison().isEqualTo(same());
        assertThat(same.told()).as("kept once").isSameAs(same.standing());
    }

    @Test
    void version1IsWritten() throws IOException {
        assertThat(HexFormat.of().formatHex(written(WAITS))).isEqualTo(WAITS_VERSION_1);
        assertThat(HexFormat.of().formatHex(written(same()))).isEqualTo(SAME_VERSION_1);
    }

    @Test
    void anUnknownVersionIsRefused() {
        assertThatThrownBy(() -> read("7f")).isInstanceOf(IOException.class).hasMessageContaining("version 127");
    }
}
