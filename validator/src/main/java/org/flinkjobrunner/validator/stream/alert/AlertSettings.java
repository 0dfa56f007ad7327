package org.flinkjobrunner.validator.stream.alert;

import java.io.Serializable;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.wire.TopicNames;

/**
 * What AlertStage is told.
 *
 * @param topic         where alerts are written
 * @param contributions whether the IndustryFusion alerts are wanted
 */
public record AlertSettings(String deployment, Clock clock, String topic, TopicNames inputTopics, boolean contributions)
        implements Serializable {}
