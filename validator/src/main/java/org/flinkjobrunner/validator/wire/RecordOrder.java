package org.flinkjobrunner.validator.wire;

/** The place of a record in record order: Kafka timestamp (milliseconds), topic, partition, offset. */
public record RecordOrder(long timestamp, InputTopic topic, int partition, long offset)
        implements Comparable<RecordOrder> {
    @Override
    public int compareTo(RecordOrder other) {
        if (timestamp != other.timestamp) {
            return timestamp < other.timestamp ? -1 : 1;
        }
        if (topic != other.topic) {
            return topic.compareTo(other.topic);
        }
        return partition != other.partition
                ? Integer.compare(partition, other.partition)
                : Long.compare(offset, other.offset);
    }
}
