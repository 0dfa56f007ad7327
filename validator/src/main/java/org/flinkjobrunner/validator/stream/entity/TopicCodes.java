package org.flinkjobrunner.validator.stream.entity;

import org.flinkjobrunner.validator.wire.InputTopic;

/** What the input topics are called in state: two bits, never 0, that must not change. */
final class TopicCodes {
    private TopicCodes() {}

    static int code(InputTopic topic) {
        return switch (topic) {
            case IFF_ATTRIBUTES -> 1;
            case IFF_ENTITIES -> 2;
            case NGSI_LD -> 3;
        };
    }

    static InputTopic of(int code) {
        return switch (code) {
            case 1 -> InputTopic.IFF_ATTRIBUTES;
            case 2 -> InputTopic.IFF_ENTITIES;
            default -> InputTopic.NGSI_LD;
        };
    }
}
