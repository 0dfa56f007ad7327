package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {
    private final Instants instants = new Instants();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            1970-01-01T00:00:00Z                | 0
            1970-01-01T00:00:01.5Z              | 1500000000
            1970-01-01T00:00:00.000000001Z      | 1
            1970-01-01T00:00:00.0000000019Z     | 1
            1970-01-01T00:00:00,25Z             | 250000000
            1970-01-01T01:00:00+01:00           | 0
            1970-01-01T01:30:00+0130            | 0
            1969-12-31T23:00:00-01              | 0
            1970-01-01 00:00:00                 | 0
            1970-01-01t00:00:00z                | 0
            1969-12-31T23:59:59.999999999Z      | -1
            2000-02-29T00:00:00Z                | 951782400000000000
            1970-01-01T23:59:60Z                | 86400000000000
            """)
    void times(String text, long nanos) {
        assertThat(instants.nanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1970",
                "1970-01-01",
                "1970-01-01T",
                "1970-01-01T00:00",
                "1970-01-01T00:00:00.Z",
                "1970-01-01T00:00:00X",
                "1970-01-01T00:00:00Zx",
                "1970-01-01T00:00:00+1",
                "1970-01-01T00:00:00+19:00",
                "1970-01-01T00:00:00+01:60",
                "1970-01-01T24:00:00Z",
                "1970-01-01T00:60:00Z",
                "1970-01-01T00:00:61Z",
                "1970-13-01T00:00:00Z",
                "1970-02-30T00:00:00Z",
                "1970/01/01T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "9999-01-01T00:00:00Z",
                "+1970-01-01T00:00:00Z",
                "١٩٧٠-01-01T00:00:00Z"
            })
    void noTimes(String text) {
        assertThatThrownBy(() -> instants.nanos(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void textAndBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            long millis = random.nextLong(-4_000_000_000_000L, 4_000_000_000_000L);
            String text = instants.text(millis);
            assertThat(text).hasSize(24);
            assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(millis);
            assertThat(instants.nanos(text)).isEqualTo(millis * 1_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, 9_300_000_000_000L, -9_300_000_000_000L})
    void millisecondsThatNanosecondsCannotSay(long millis) {
        assertThat(Instants.isMillis(millis)).isFalse();
        assertThat(Instants.isMillis(-1)).isTrue();
    }
}
