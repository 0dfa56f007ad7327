package org.flinkjobrunner.validator.stream.alert;

import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.AlertTransition;
import org.flinkjobrunner.validator.wire.IffAlerts;

/**
 * What one alert contributes to the IndustryFusion alert that it shares with others.
 *
 * @param event    the name under which it is told there
 * @param severity null when the alert stands no longer
 * @param text     null when the alert stands no longer
 */
public record Contribution(String resource, String event, String alertId, String severity, String text) {
    static Contribution of(AlertTransition transition) {
        Alert alert = transition.alert();
        boolean stands = transition.state().stands();
        return new Contribution(
                alert.entity(),
                IffAlerts.event(alert),
                transition.alertId(),
                stands ? IffAlerts.severity(alert) : null,
                stands ? IffAlerts.text(alert) : null);
    }

    public boolean stands() {
        return severity != null;
    }

    /** The IndustryFusion alert that it belongs to; no IRI holds a line break. */
    public String key() {
        return resource + '\n' + event;
    }
}
