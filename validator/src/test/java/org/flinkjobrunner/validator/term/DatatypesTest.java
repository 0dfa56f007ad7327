package org.flinkjobrunner.validator.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatatypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "integer            | 0 -1 +7 007 -0 123456789012345678901234567890",
                "decimal            | 1 1.5 -.5 +5. 00.100 123456789012345678901234567890.5",
                "float              | 1 1.5e3 -1E-7 .5 5. INF -INF +INF NaN 1e400",
                "double             | 1 1.5e3 -1E-7 .5 5. INF -INF NaN",
                "boolean            | true false 0 1",
                "byte               | -128 127 +127 00127",
                "short              | -32768 32767",
                "int                | -2147483648 2147483647",
                "long               | -9223372036854775808 9223372036854775807",
                "unsignedByte       | 0 255 -0",
                "unsignedShort      | 0 65535",
                "unsignedInt        | 0 4294967295",
                "unsignedLong       | 0 18446744073709551615",
                "nonNegativeInteger | 0 -0 99999999999999999999",
                "positiveInteger    | 1 99999999999999999999",
                "nonPositiveInteger | 0 -99999999999999999999",
                "negativeInteger    | -1 -99999999999999999999",
                "dateTime           | 2024-02-29T12:00:00 2024-02-28T24:00:00Z 0000-01-01T00:00:00 -0044-03-15T00:00:00.123+14:00"
                        + " 12024-01-01T00:00:00-05:30 99999999999-02-28T00:00:00Z",
                "dateTimeStamp      | 2024-02-29T12:00:00Z",
                "date               | 2024-02-29 2000-02-29Z 1999-12-31-05:00",
                "time               | 00:00:00 23:59:59.999Z 24:00:00",
                "gYear              | 2024 -0001 2024Z",
                "gYearMonth         | 2024-02 2024-12+01:00",
                "gMonthDay          | --02-29 --12-31Z",
                "gMonth             | --02 --12Z",
                "gDay               | ---01 ---31Z",
                "duration           | P1Y P1Y2M3DT4H5M6.7S -PT0.5S P0D PT5M",
                "dayTimeDuration    | P3DT4H PT1S -P1D",
                "yearMonthDuration  | P1Y P2M -P1Y2M",
                "hexBinary          | 00 aBcD",
                "base64Binary       | AAAA QUI= QQ==",
                "language           | en de-AT x-a1-b2",
                "Name               | a a:b _x é",
                "NCName             | a _x a.b-c",
                "NMTOKEN            | 1a a:b -x",
                "QName              | a a:b",
                "anyURI             | http://x/y relative",
            })
    void lexicalForms(String datatype, String forms) {
        for (String form : forms.split(" ")) {
            assertThat(Literal.of(form, Xsd.NS + datatype).isWellFormed())
                    .as("\"%s\"^^xsd:%s", form, datatype)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "integer            | abc 1.0 1e3 + - 1_000 0x1 ١",
                "decimal            | abc . 1e3 1.2.3 - INF",
                "float              | abc 1f 1.5d 0x1p3 Infinity nan e5 1e 1e+ . -",
                "double             | abc 1f Infinity inf 1e1.5",
                "boolean            | TRUE yes 2 -1",
                "byte               | 128 -129 300 1.0",
                "short              | 32768 -32769",
                "int                | 2147483648 -2147483649",
                "long               | 9223372036854775808 -9223372036854775809",
                "unsignedByte       | 256 -1",
                "unsignedShort      | 65536 -1",
                "unsignedInt        | 4294967296 -1",
                "unsignedLong       | 18446744073709551616 -1",
                "nonNegativeInteger | -1",
                "positiveInteger    | 0 -1",
                "nonPositiveInteger | 1",
                "negativeInteger    | 0 1",
                "dateTime           | 2024-02-30T00:00:00 2023-02-29T00:00:00 2024-13-01T00:00:00 2024-00-01T00:00:00"
                        + " 2024-01-01T24:00:01 2024-01-01T25:00:00 2024-01-01T00:60:00 2024-01-01T00:00:60 2024-01-01"
                        + " 24-01-01T00:00:00 02024-01-01T00:00:00 2024-01-01T00:00:00+14:01 2024-01-01T00:00:00. 2024-1-1T0:0:0"
                        + " 2024-01-01T00:00:00+1 99999999999-02-30T00:00:00Z",
                "dateTimeStamp      | 2024-02-29T12:00:00",
                "date               | 2023-02-29 1900-02-29 2024-04-31 2024-01-01T00:00:00",
                "time               | 24:00:01 12:00 1:00:00",
                "gYear              | 24 2024-01",
                "gYearMonth         | 2024-13 2024",
                "gMonthDay          | --02-30 02-29",
                "gMonth             | --13 12",
                "gDay               | ---32 31",
                "duration           | P PT P1YT 1Y P1S P-1Y PT1.S P1M1Y",
                "dayTimeDuration    | P1Y P1M",
                "yearMonthDuration  | P1D PT1S",
                "hexBinary          | 0 0g",
                "base64Binary       | A AB= QUJ= ====",
                "language           | de_AT toolonglanguage 1a en-",
                "Name               | 1a -x",
                "NCName             | a:b",
                "NMTOKEN            | a/b",
                "QName              | a:b:c :a a:",
            })
    void notLexicalForms(String datatype, String forms) {
        for (String form : forms.split(" ")) {
            assertThat(Literal.of(form, Xsd.NS + datatype).isWellFormed())
                    .as("\"%s\"^^xsd:%s", form, datatype)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"integer", "decimal", "double", "boolean", "dateTime", "date", "duration", "language", "Name", "NMTOKEN"
    })
    void whiteSpaceAndNothingAreNoNumbers(String datatype) {
        assertThat(Literal.of("", Xsd.NS + datatype).isWellFormed()).isFalse();
        assertThat(Literal.of(" 1 ", Xsd.NS + datatype).isWellFormed()).isFalse();
    }

    @Test
    void strings() {
        assertThat(Literal.string("any\n\ttext").isWellFormed()).isTrue();
        assertThat(Literal.of("a\nb", Xsd.NS + "normalizedString").isWellFormed())
                .isFalse();
        assertThat(Literal.of("a  b", Xsd.NS + "normalizedString").isWellFormed())
                .isTrue();
        assertThat(Literal.of("a  b", Xsd.NS + "token").isWellFormed()).isFalse();
        assertThat(Literal.of("a b", Xsd.NS + "token").isWellFormed()).isTrue();
    }

    @Test
    void unknownDatatypesAreWellFormed() {
        assertThat(Literal.of("whatever", "https://uri.etsi.org/ngsi-ld/DateTime")
                        .isWellFormed())
                .isTrue();
        assertThat(Literal.of("whatever", Xsd.NS + "noSuchType").isWellFormed()).isTrue();
    }

    @Test
    void languageTaggedStringsNeedTheirTag() {
        assertThat(Literal.lang("a", "en").isWellFormed()).isTrue();
        assertThat(Literal.of("a", Xsd.LANG_STRING).isWellFormed()).isFalse();
    }

    @Test
    void aMillionDigitsTakeNoTime() {
        String digits = "9".repeat(1_000_000);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            Literal integer = Literal.of(digits, Xsd.INTEGER);
            assertThat(integer.compare(Literal.of(digits + ".5", Xsd.DECIMAL))).isEqualTo(Order.LESS);
            assertThat(integer.compare(Literal.of("1e300", Xsd.DOUBLE))).isEqualTo(Order.GREATER);
            assertThat(Literal.of("P" + digits + "Y", Xsd.NS + "duration").isWellFormed())
                    .isTrue();
            assertThat(Literal.of(digits + "-02-28", Xsd.NS + "date").isWellFormed())
                    .isTrue();
            assertThat(Literal.of("en" + "-a".repeat(500_000), Xsd.NS + "language")
                            .isWellFormed())
                    .isTrue();
        });
    }
}
