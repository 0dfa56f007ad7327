package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.term.Literal;
import org.junit.jupiter.api.Test;

class AlertJsonTest {
    private static final String SH = "http://www.w3.org/ns/shacl#";
    private static final long AT = 1_767_225_600_000L;

    private static Alert alert(List<AttributeKey> path, String resultPath, String severity, Message... messages) {
        return new Alert(
                "urn:x:cutter:1",
                List.of("https://example.org/Cutter"),
                path,
                "_:b",
                resultPath,
                "https://example.org/CutterShape",
                SH + "MinCountConstraintComponent",
                severity,
                List.of(),
                0,
                List.of(messages),
                "sha256:0");
    }

    private static Alert withValue(String value) {
        return new Alert(
                "urn:x:cutter:1",
                List.of("https://example.org/Cutter"),
                List.of(new AttributeKey("https://example.org/state", "@none")),
                "_:b",
                "<https://uri.etsi.org/ngsi-ld/hasValue>",
                "https://example.org/CutterShape",
                SH + "DatatypeConstraintComponent",
                SH + "Violation",
                List.of(Literal.of(value, "http://www.w3.org/2001/XMLSchema#double")),
                1,
                List.of(new Message("too hot", "en"), new Message("heiß", null)),
                "sha256:0");
    }

    private static AlertTransition transition(AlertTransition.State state, Alert alert) {
        RecordOrder cause = new RecordOrder(1, InputTopic.NGSI_LD, 3, 42);
        return new AlertTransition("abc", state, 2, alert, AT, AT + 1, AT + 2, cause);
    }

    private static String event(AlertTransition transition) {
        TopicNames names = new TopicNames(Map.of(InputTopic.NGSI_LD, "my.entities"));
        return new String(new AlertJson("plant", names).event(transition), StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsACloudEventAroundTheAlert() {
        assertThat(event(transition(AlertTransition.State.RAISED, withValue("80.5"))))
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"abc/2\",\"source\":\"flinkjobrunner/plant\","
                        + "\"type\":\"org.flinkjobrunner.alert.raised\",\"subject\":\"urn:x:cutter:1\","
                        + "\"time\":\"2026-01-01T00:00:00.002Z\",\"datacontenttype\":\"application/json\",\"data\":"
                        + "{\"alertId\":\"abc\",\"state\":\"raised\",\"sequence\":2,\"deployment\":\"plant\","
                        + "\"program\":\"sha256:0\",\"entity\":\"urn:x:cutter:1\","
                        + "\"entityTypes\":[\"https://example.org/Cutter\"],"
                        + "\"attributePath\":[{\"name\":\"https://example.org/state\",\"datasetId\":\"@none\"}],"
                        + "\"focusNode\":\"_:b\",\"resultPath\":\"<https://uri.etsi.org/ngsi-ld/hasValue>\","
                        + "\"sourceShape\":\"https://example.org/CutterShape\","
                        + "\"sourceConstraintComponent\":\"" + SH + "DatatypeConstraintComponent\","
                        + "\"severity\":\"" + SH + "Violation\","
                        + "\"value\":{\"@value\":\"80.5\",\"@type\":\"http://www.w3.org/2001/XMLSchema#double\"},"
                        + "\"valueCount\":1,"
                        + "\"values\":[{\"@value\":\"80.5\",\"@type\":\"http://www.w3.org/2001/XMLSchema#double\"}],"
                        + "\"messages\":[{\"@value\":\"too hot\",\"@language\":\"en\"},{\"@value\":\"heiß\"}],"
                        + "\"eventTime\":\"2026-01-01T00:00:00.000Z\",\"raisedAt\":\"2026-01-01T00:00:00.001Z\","
                        + "\"updatedAt\":\"2026-01-01T00:00:00.002Z\",\"clearedAt\":null,"
                        + "\"record\":{\"topic\":\"my.entities\",\"partition\":3,\"offset\":42}}}");
    }

    @Test
    void aClearSaysWhen() {
        assertThat(event(transition(AlertTransition.State.CLEARED, withValue("80.5"))))
                .contains("\"clearedAt\":\"2026-01-01T00:00:00.002Z\"", "alert.cleared");
    }

    @Test
    void itIsReadBack() throws IOException {
        AlertTransition written = transition(AlertTransition.State.UPDATED, withValue("80.5"));
        AlertTransition read = AlertDocument.read(event(written).getBytes(StandardCharsets.UTF_8));
        assertThat(read).usingRecursiveComparison().ignoringFields("cause").isEqualTo(written);
    }

    @Test
    void halfOfASurrogatePairDoesNotStopTheJob() throws IOException {
        String event = event(transition(AlertTransition.State.RAISED, withValue("half \uD800")));
        AlertTransition read = AlertDocument.read(event.getBytes(StandardCharsets.UTF_8));
        assertThat(read.alert().values()).hasSize(1);
    }

    @Test
    void whatIsNoAlertIsNotRead() {
        for (String other : List.of("", "[]", "{}", "{\"data\":{\"state\":\"gone\"}}", "no JSON")) {
            assertThatThrownBy(() -> AlertDocument.read(other.getBytes(StandardCharsets.UTF_8)))
                    .as(other)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void namesOfIndustryFusionAlerts() {
        String attribute = "<https://example.org/state>";
        String severity = SH + "Violation";
        assertThat(IffAlerts.event(withValue("1")))
                .isEqualTo("DatatypeConstraintComponent(https://example.org/state[0])");
        assertThat(IffAlerts.event(alert(List.of(), attribute, severity)))
                .isEqualTo("MinCountConstraintComponent(https://example.org/state[0])");
        assertThat(IffAlerts.event(
                        alert(List.of(new AttributeKey("https://example.org/a", "urn:d:1")), attribute, severity)))
                .isEqualTo("MinCountConstraintComponent("
                        + "https://example.org/a[urn:d:1] ==> https://example.org/state[0])");
        assertThat(IffAlerts.event(alert(List.of(), null, severity)))
                .isEqualTo("MinCountConstraintComponent(https://example.org/CutterShape)");
    }

    @Test
    void severitiesOfIndustryFusionAlerts() {
        assertThat(List.of("Violation", "Warning", "Info"))
                .extracting(name -> IffAlerts.severity(alert(List.of(), null, SH + name)))
                .containsExactly("critical", "warning", "informational");
        assertThat(IffAlerts.severity(alert(List.of(), null, "https://example.org/severityMaintenance")))
                .isEqualTo("severityMaintenance");
        assertThat(List.of("critical", "severityMaintenance", "warning", "informational"))
                .isSortedAccordingTo((one, other) -> Integer.compare(IffAlerts.rank(one), IffAlerts.rank(other)));
    }

    @Test
    void textsOfIndustryFusionAlertsAreEnglishWhereThereIsOne() {
        Message german = new Message("heiß", "de");
        Message english = new Message("hot", "en-GB");
        assertThat(IffAlerts.text(alert(List.of(), null, SH + "Info", german, english)))
                .isEqualTo("hot");
        assertThat(IffAlerts.text(alert(List.of(), null, SH + "Info", german))).isEqualTo("heiß");
        assertThat(IffAlerts.text(alert(List.of(), null, SH + "Info"))).isEqualTo("MinCountConstraintComponent");
    }
}
