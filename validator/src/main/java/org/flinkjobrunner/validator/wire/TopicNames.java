package org.flinkjobrunner.validator.wire;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/** What the input topics are called in this installation. */
public final class TopicNames implements Serializable {
    private static final long serialVersionUID = 1L;

    private final EnumMap<InputTopic, String> names = new EnumMap<>(InputTopic.class);

    /** @param renamed those that are not called by their default names */
    public TopicNames(Map<InputTopic, String> renamed) {
        for (InputTopic topic : InputTopic.values()) {
            names.put(topic, renamed.getOrDefault(topic, topic.defaultName()));
        }
    }

    public String of(InputTopic topic) {
        return names.get(topic);
    }
}
