package org.flinkjobrunner.validator.stream.alert;

import java.util.List;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.NamedBlankNode;
import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.AlertTransition;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Alerts and verdicts for tests. */
public final class Alerts {
    public static final String SH = "http://www.w3.org/ns/shacl#";
    public static final String ENTITY = "urn:test:cutter:1";
    public static final RecordOrder CAUSE = new RecordOrder(1_000, InputTopic.IFF_ATTRIBUTES, 3, 42);

    private Alerts() {}

    public static Alert alert(String message, String value) {
        return new Alert(
                ENTITY,
                List.of("https://example.org/Cutter"),
                List.of(new AttributeKey("https://example.org/temperature", "@none")),
                "_:0123456789abcdef",
                "<https://uri.etsi.org/ngsi-ld/hasValue>",
                "https://example.org/CutterShape",
                SH + "MaxInclusiveConstraintComponent",
                SH + "Violation",
                List.of(
                        Literal.of(value, "http://www.w3.org/2001/XMLSchema#double"),
                        Literal.lang("heiß", "de"),
                        new Iri("urn:x:1"),
                        new NamedBlankNode("_:n")),
                4,
                List.of(new Message(message, null), new Message("zu heiß", "de")),
                "sha256:" + "0".repeat(64));
    }

    public static Verdict raise(String alertId, Alert alert, int settle, long at) {
        return new Verdict(alertId, Verdict.Kind.RAISE, alert, at - 1, at, settle, CAUSE);
    }

    public static Verdict update(String alertId, Alert alert, long at) {
        return new Verdict(alertId, Verdict.Kind.UPDATE, alert, at - 1, at, 0, CAUSE);
    }

    public static Verdict clear(String alertId, long at) {
        return new Verdict(alertId, Verdict.Kind.CLEAR, null, at - 1, at, 0, CAUSE);
    }

    public static AlertTransition transition(
            String alertId, AlertTransition.State state, long sequence, Alert alert, long at) {
        return new AlertTransition(alertId, state, sequence, alert, at, at, at, CAUSE);
    }
}
