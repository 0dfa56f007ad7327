package org.flinkjobrunner.validator.stream.entity;

import java.io.Serializable;
import java.util.List;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.PartitionEnd;

/**
 * What EntityStage is told.
 *
 * @param ends    the last record of each input partition that held any when the job was started
 * @param initial the program that was active then
 */
public record EntityStageSettings(String deployment, Clock clock, List<PartitionEnd> ends, Activation initial)
        implements Serializable {
    public EntityStageSettings {
        ends = List.copyOf(ends);
    }
}
