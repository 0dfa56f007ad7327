package org.flinkjobrunner.validator.stream.alert;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.wire.AlertJson;
import org.flinkjobrunner.validator.wire.AlertTransition;

/** Makes records of transitions. */
final class AlertRecords {
    private final String topic;
    private final AlertJson json;
    private final String attempt;
    private final OutRecord.Header attemptHeader;
    private final OutRecord.Header deploymentHeader;

    /** An attempt is an instance of AlertStage from its start to its end. */
    AlertRecords(AlertSettings settings) {
        topic = settings.topic();
        json = new AlertJson(settings.deployment(), settings.inputTopics());
        attempt = UUID.randomUUID().toString();
        attemptHeader = OutRecord.Header.of(AlertHeaders.ATTEMPT, attempt);
        deploymentHeader = OutRecord.Header.of(AlertHeaders.DEPLOYMENT, settings.deployment());
    }

    boolean wrote(Echo echo) {
        return attempt.equals(echo.attempt());
    }

    OutRecord of(AlertTransition transition) {
        return new OutRecord(
                topic,
                transition.alertId().getBytes(StandardCharsets.UTF_8),
                json.event(transition),
                List.of(
                        attemptHeader,
                        deploymentHeader,
                        OutRecord.Header.of(AlertHeaders.SEQUENCE, Long.toString(transition.sequence())),
                        OutRecord.Header.of(
                                AlertHeaders.STATE, transition.state().text())));
    }
}
