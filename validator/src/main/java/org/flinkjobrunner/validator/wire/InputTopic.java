package org.flinkjobrunner.validator.wire;

/** The input topics, in the order in which their records are ordered when Kafka's timestamps are equal: by default name. */
public enum InputTopic {
    IFF_ATTRIBUTES("iff.ngsild.attributes"),
    IFF_ENTITIES("iff.ngsild.entities"),
    NGSI_LD("ngsi-ld.entities");

    private final String defaultName;

    InputTopic(String defaultName) {
        this.defaultName = defaultName;
    }

    public String defaultName() {
        return defaultName;
    }
}
