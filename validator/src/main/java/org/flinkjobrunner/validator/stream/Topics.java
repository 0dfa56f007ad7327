package org.flinkjobrunner.validator.stream;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.TopicNames;

/** What all topics are called in this installation. */
public record Topics(
        TopicNames inputs,
        String alerts,
        String iffAlerts,
        String iffBulkAlerts,
        String programs,
        String status,
        String deadLetters) {
    private static final String ALERTS = "shacl.alerts";
    private static final String IFF_ALERTS = "iff.alerts";
    private static final String IFF_BULK_ALERTS = "iff.alerts.bulk";
    private static final String PROGRAMS = "shacl.programs";
    private static final String STATUS = "shacl.status";
    private static final String DEAD_LETTERS = "shacl.dead-letters";
    private static final Set<String> OTHERS =
            Set.of(ALERTS, IFF_ALERTS, IFF_BULK_ALERTS, PROGRAMS, STATUS, DEAD_LETTERS);

    public static final Topics DEFAULT = renamed(Map.of());

    /**
     * @param names by default name
     * @throws IllegalArgumentException when there is no topic of such a default name
     */
    public static Topics renamed(Map<String, String> names) {
        Map<InputTopic, String> inputs = new EnumMap<>(InputTopic.class);
        Map<String, String> unknown = new HashMap<>(names);
        unknown.keySet().removeAll(OTHERS);
        for (InputTopic topic : InputTopic.values()) {
            String name = unknown.remove(topic.defaultName());
            if (name != null) {
                inputs.put(topic, name);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there is no topic " + unknown.keySet() + " that could be renamed");
        }
        return new Topics(
                new TopicNames(inputs),
                names.getOrDefault(ALERTS, ALERTS),
                names.getOrDefault(IFF_ALERTS, IFF_ALERTS),
                names.getOrDefault(IFF_BULK_ALERTS, IFF_BULK_ALERTS),
                names.getOrDefault(PROGRAMS, PROGRAMS),
                names.getOrDefault(STATUS, STATUS),
                names.getOrDefault(DEAD_LETTERS, DEAD_LETTERS));
    }
}
