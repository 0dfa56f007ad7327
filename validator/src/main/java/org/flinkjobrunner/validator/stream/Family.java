package org.flinkjobrunner.validator.stream;

import java.util.List;
import org.flinkjobrunner.validator.wire.InputTopic;

/** A family of input formats, as the settings of a deployment name it. */
public enum Family {
    NGSI_LD("ngsi-ld", List.of(InputTopic.NGSI_LD)),
    IFF("iff", List.of(InputTopic.IFF_ENTITIES, InputTopic.IFF_ATTRIBUTES));

    private final String text;
    private final List<InputTopic> topics;

    Family(String text, List<InputTopic> topics) {
        this.text = text;
        this.topics = topics;
    }

    public List<InputTopic> topics() {
        return topics;
    }

    /** @throws IllegalArgumentException when there is none of that name */
    public static Family of(String text) {
        for (Family family : values()) {
            if (family.text.equals(text)) {
                return family;
            }
        }
        throw new IllegalArgumentException("a source is ngsi-ld or iff, not " + text);
    }
}
