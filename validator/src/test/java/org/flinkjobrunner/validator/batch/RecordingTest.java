package org.flinkjobrunner.validator.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flinkjobrunner.validator.stream.Family;
import org.flinkjobrunner.validator.stream.Topics;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static List<ConsumerRecord<byte[], byte[]>> read(Family family, String... lines) throws DataException {
        byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return Recording.read("recording.ndjson", content, family, Topics.DEFAULT.inputs());
    }

    private static Diagnostic refused(Family family, String... lines) {
        DataException refused = catchThrowableOfType(DataException.class, () -> read(family, lines));
        assertThat(refused.diagnostics()).hasSize(1);
        return refused.diagnostics().get(0);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void whatIsAboutTheRecordIsCutOutAndTheRestIsLeftAsItIs() throws DataException {
        ConsumerRecord<byte[], byte[]> record = read(
                        Family.NGSI_LD,
                        "{\"_timestamp\": \"2026-01-01T00:00:00.001Z\", \"id\": \"urn:x:1\" , \"a\": 20.0,"
                                + " \"_operation\": \"merge\", \"b\":{\"_timestamp\": 1.50e0}, \"c\" : \"ß\\u00e4\" }")
                .get(0);
        assertThat(text(record.value()))
                .isEqualTo("{\"id\": \"urn:x:1\",\"a\": 20.0,\"b\":{\"_timestamp\": 1.50e0},\"c\" : \"ß\\u00e4\"}");
        assertThat(text(record.key())).isEqualTo("urn:x:1");
        assertThat(record.timestamp()).isEqualTo(1_767_225_600_001L);
        assertThat(text(record.headers().lastHeader("ngsi-ld-operation").value()))
                .isEqualTo("merge");
    }

    @Test
    void linesAreOffsetsAndTimeGoesOn() throws DataException {
        List<ConsumerRecord<byte[], byte[]>> records = read(
                Family.NGSI_LD,
                "{\"id\":\"urn:x:1\"}",
                "",
                "{\"id\":\"urn:x:2\",\"_timestamp\":17}",
                "{\"id\":\"urn:x:3\"}");
        assertThat(records).extracting(ConsumerRecord::offset).containsExactly(0L, 2L, 3L);
        assertThat(records).extracting(ConsumerRecord::timestamp).containsExactly(0L, 17L, 17L);
    }

    @Test
    void tombstonesHaveNoValue() throws DataException {
        ConsumerRecord<byte[], byte[]> record =
                read(Family.NGSI_LD, "{\"id\":\"urn:x:1\",\"_tombstone\":true}").get(0);
        assertThat(record.value()).isNull();
        assertThat(text(record.key())).isEqualTo("urn:x:1");
    }

    @Test
    void arraysAndNotificationsNameNoEntityOfTheirOwn() throws DataException {
        List<ConsumerRecord<byte[], byte[]>> records = read(
                Family.NGSI_LD,
                "[{\"id\":\"urn:x:1\"}]",
                "{\"type\":\"Notification\",\"data\":[]}",
                "{\"operationType\":\"ENTITY_DELETE\",\"entityId\":\"urn:x:1\"}");
        assertThat(records).extracting(record -> text(record.key())).containsExactly(null, null, "urn:x:1");
    }

    @Test
    void theIndustryFusionTopicsAreToldApart() throws DataException {
        List<ConsumerRecord<byte[], byte[]>> records = read(
                Family.IFF,
                "{\"id\":\"urn:x:1\",\"type\":\"https://example.org/T\"}",
                "{\"id\":\"urn:x:1\\\\abc\",\"entityId\":\"urn:x:1\",\"name\":\"https://example.org/a\"}",
                "{\"id\":\"urn:x:1\\\\abc\",\"entityId\":\"urn:x:1\",\"_tombstone\":true}");
        assertThat(records)
                .extracting(ConsumerRecord::topic)
                .containsExactly("iff.ngsild.entities", "iff.ngsild.attributes", "iff.ngsild.attributes");
        assertThat(records)
                .extracting(record -> text(record.key()))
                .containsExactly("urn:x:1", "urn:x:1", "{\"id\":\"urn:x:1\\\\abc\"}");
    }

    @Test
    void whatIsNoRecordIsRefusedWithItsLine() {
        Diagnostic broken = refused(Family.NGSI_LD, "{\"id\":\"urn:x:1\"}", "{\"id\":");
        assertThat(broken.code()).isEqualTo("invalid-json");
        assertThat(broken.line()).isEqualTo(2);
        assertThat(broken.column()).isPositive();
        assertThat(refused(Family.NGSI_LD, "{\"id\":1}").code()).isEqualTo("missing-id");
        assertThat(refused(Family.IFF, "{\"name\":\"a\"}").message()).contains("entityId");
        assertThat(refused(Family.NGSI_LD, "7").code()).isEqualTo("invalid-record");
        assertThat(refused(Family.IFF, "[]").code()).isEqualTo("invalid-record");
        assertThat(refused(Family.NGSI_LD, "{\"id\":\"urn:x:1\"} {}").code()).isEqualTo("invalid-json");
        assertThat(refused(Family.NGSI_LD, "{\"id\":\"urn:x:1\",\"_timestamp\":\"noon\"}")
                        .code())
                .isEqualTo("invalid-timestamp");
        assertThat(refused(Family.NGSI_LD, "{\"id\":\"urn:x:1\",\"_timestamp\":1e999}")
                        .code())
                .isEqualTo("invalid-timestamp");
        assertThat(refused(Family.NGSI_LD, "{\"id\":\"urn:x:1\",\"_operation\":\"upsort\"}")
                        .code())
                .isEqualTo("unknown-operation");
    }
}
