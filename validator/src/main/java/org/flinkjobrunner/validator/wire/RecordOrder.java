package org.flinkjobrunner.validator.wire;

import java.util.Comparator;

/** The place of a record in record order: Kafka timestamp (milliseconds), topic, partition, offset. */
public record RecordOrder(long timestamp, InputTopic topic, int partition, long offset)
        implements Comparable<RecordOrder> {
    private static final Comparator<RecordOrder> ORDER = Comparator.comparingLong(RecordOrder::timestamp)
            .thenComparing(RecordOrder::topic)
            .thenComparingInt(RecordOrder::partition)
            .thenComparingLong(RecordOrder::offset);

    @Override
    public int compareTo(RecordOrder other) {
        return ORDER.compare(this, other);
    }
}
