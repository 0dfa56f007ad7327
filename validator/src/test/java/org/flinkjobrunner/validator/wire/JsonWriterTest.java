package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWriterTest {
    /** The examples of RFC 8785, appendix B, and others at the borders. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1.0, 1",
        "-20.50, -20.5",
        "5e-324, 5e-324",
        "-5e-324, -5e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "9007199254740992, 9007199254740992",
        "-9007199254740992, -9007199254740992",
        "295147905179352830000, 295147905179352830000",
        "9.999999999999997e22, 9.999999999999997e+22",
        "1e23, 1e+23",
        "1.0000000000000001e23, 1.0000000000000001e+23",
        "999999999999999700000, 999999999999999700000",
        "1e21, 1e+21",
        "9.999999999999997e-7, 9.999999999999997e-7",
        "0.000001, 0.000001",
        "1e-7, 1e-7",
        "333333333.3333332, 333333333.3333332",
        "333333333.33333325, 333333333.33333325",
        "333333333.3333333, 333333333.3333333",
        "1424953923781206.25, 1424953923781206.2",
        "1e999, 1.7976931348623157e+308"
    })
    void canonicalNumbers(String json, String canonical) throws RecordRefused {
        assertThat(JsonWriter.canonical(Json.read(json))).isEqualTo(canonical);
        assertThat(JsonWriter.text(Json.read(json))).isEqualTo(json);
    }

    @Test
    void canonicalNumbersAreThoseThatWereWritten() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(JsonWriter.number(value))).isEqualTo(value == 0 ? 0.0 : value);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            { "b" : [ 1.0 , true , null ] , "a" : { } }        | {"a":{},"b":[1,true,null]}              | {"b":[1.0,true,null],"a":{}}
            []                                                 | []                                      | []
            "\\u0000\\b\\t\\n\\f\\r\\"\\\\\\/\\u20ac\\u00e4"   | "\\u0000\\b\\t\\n\\f\\r\\"\\\\/€ä"      | "\\u0000\\b\\t\\n\\f\\r\\"\\\\/€ä"
            {"\\u20ac":1,"\\r":2,"1":3,"\\ud83d\\ude02":4,"\\u0080":5} | {"\\r":2,"1":3,"\u0080":5,"€":1,"😂":4} | {"€":1,"\\r":2,"1":3,"😂":4,"\u0080":5}
            """)
    void structures(String json, String canonical, String text) throws RecordRefused {
        assertThat(JsonWriter.canonical(Json.read(json))).isEqualTo(canonical);
        assertThat(JsonWriter.text(Json.read(json))).isEqualTo(text);
    }
}
