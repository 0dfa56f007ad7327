package org.flinkjobrunner.validator.stream;

import java.util.List;

/**
 * What the graph of the job depends on, apart from its ends.
 *
 * @param ends    what the input topics held at the start; empty in a replay
 * @param initial the program to start with
 * @param iff     whether the IndustryFusion alerts are written
 */
public record JobSettings(
        String deployment, Clock clock, Topics topics, List<PartitionEnd> ends, Activation initial, boolean iff) {}
