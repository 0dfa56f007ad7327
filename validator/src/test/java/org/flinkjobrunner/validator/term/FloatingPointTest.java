package org.flinkjobrunner.validator.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatingPointTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0",
                "0.1",
                "88.5",
                "-273.15",
                "999999999999999",
                "99999999999999.9",
                "0.00000000000001",
                "123456789012345678901",
                "0.1234567890123456789",
                "9007199254740993",
                "1e5",
                "1E-7",
                "-1.5e308",
                "1e999",
                "-1e999",
                "4.9e-324"
            })
    void aJsonNumberIsTheDoubleThatJavaReads(String json) {
        assertSame(json);
    }

    @Test
    void soAreManyShortDecimals() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            String digits = Long.toString(random.nextLong() >>> 8 + random.nextInt(50));
            int point = random.nextInt(digits.length() + 1);
            String fraction = point == digits.length() ? "" : "." + digits.substring(point);
            assertSame((random.nextBoolean() ? "-" : "") + (point == 0 ? "0" : digits.substring(0, point)) + fraction);
        }
    }

    private static void assertSame(String json) {
        assertThat(Double.doubleToRawLongBits(FloatingPoint.ofJson(json)))
                .as(json)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(json)));
    }
}
