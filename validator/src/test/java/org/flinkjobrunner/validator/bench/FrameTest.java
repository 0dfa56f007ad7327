package org.flinkjobrunner.validator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameTest {
    @Test
    void keyAndValueComeOutAsTheyWentIn() {
        byte[] key = "urn:x:é".getBytes(StandardCharsets.UTF_8);
        byte[] frame = Frame.of(key, new byte[] {1, 2, 3});
        assertThat(Frame.key(frame)).isEqualTo(key);
        assertThat(Frame.entity(frame)).isEqualTo("urn:x:é");
        assertThat(Frame.value(frame)).containsExactly(1, 2, 3);
    }

    @Test
    void keysLongerThanAByteCanCount() {
        byte[] key = "k".repeat(300).getBytes(StandardCharsets.UTF_8);
        byte[] frame = Frame.of(key, new byte[0]);
        assertThat(Frame.key(frame)).isEqualTo(key);
        assertThat(Frame.value(frame)).isEmpty();
    }

    @Test
    void onlySentinelsAreSentinels() {
        byte[] value = {1};
        assertThat(Frame.isSentinel(Frame.of(Sentinels.key(3), value))).isTrue();
        assertThat(Frame.isSentinel(Frame.of(new Workload(1, 1).key(0), value))).isFalse();
        byte[] prefix = Sentinels.PREFIX.getBytes(StandardCharsets.UTF_8);
        assertThat(Frame.isSentinel(Frame.of(prefix, value))).isFalse();
    }
}
