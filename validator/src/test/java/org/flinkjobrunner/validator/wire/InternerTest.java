package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InternerTest {
    private final Interner interner = new Interner();

    private String of(String text) {
        byte[] json = ("\"" + text + "\"").getBytes(StandardCharsets.US_ASCII);
        return interner.of(json, 1, json.length - 1);
    }

    @Test
    void equalTextsAreOneObject() {
        for (String text :
                new String[] {"", "a", "12345678", "123456789", "https://x/attribute1", "https://x/attribute2"}) {
            assertThat(of(text)).isEqualTo(text).isSameAs(of(text));
        }
    }

    @Test
    void anyNumberOfTextsIsRight() {
        for (int i = 0; i < 100_000; i++) {
            String text = "urn:dataset:" + i * 31;
            assertThat(of(text)).isEqualTo(text);
        }
    }
}
