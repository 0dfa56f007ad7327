package org.flinkjobrunner.validator.stream;

import java.io.Serializable;
import org.flinkjobrunner.validator.wire.InputTopic;

/** The last record that a partition held when the job was started: the initial load ends with it. */
public record PartitionEnd(InputTopic topic, int partition, long lastOffset) implements Serializable {}
