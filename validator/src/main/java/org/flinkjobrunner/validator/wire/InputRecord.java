package org.flinkjobrunner.validator.wire;

import java.util.Objects;

/**
 * One Kafka record, or the part of one that is about one entity, still as bytes: it is parsed where the entity's state
 * is. Immutable.
 *
 * <p>{@code value} is null for a tombstone. {@code operation} is null where the header is missing. {@code entityId} is
 * the key of the stream. {@code part} says that the Kafka record held more than this entity.
 *
 * <p>A <em>marker</em> ({@code marker()}) is no record: it follows the last record that its partition had when the job
 * was started, once for every instance of EntityStage, each with an {@code entityId} that leads there.
 */
public final class InputRecord {
    private final InputTopic topic;
    private final int partition;
    private final long offset;
    private final long timestamp;
    private final Operation operation;
    private final String entityId;
    private final byte[] key;
    private final byte[] value;
    private final boolean part;
    private final boolean marker;

    public InputRecord(
            InputTopic topic,
            int partition,
            long offset,
            long timestamp,
            Operation operation,
            String entityId,
            byte[] key,
            byte[] value,
            boolean part,
            boolean marker) {
        this.topic = Objects.requireNonNull(topic);
        this.partition = partition;
        this.offset = offset;
        this.timestamp = timestamp;
        this.operation = operation;
        this.entityId = Objects.requireNonNull(entityId);
        this.key = key;
        this.value = value;
        this.part = part;
        this.marker = marker;
    }

    public static InputRecord marker(InputTopic topic, int partition, String entityId) {
        return new InputRecord(topic, partition, -1, Long.MIN_VALUE, null, entityId, null, null, false, true);
    }

    /** The same with this text for the same id: what is made of it refers to one that lives long already. */
    public InputRecord ofEntity(String sameId) {
        return new InputRecord(topic, partition, offset, timestamp, operation, sameId, key, value, part, marker);
    }

    public InputTopic topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    /** Kafka's, in milliseconds. */
    public long timestamp() {
        return timestamp;
    }

    public Operation operation() {
        return operation;
    }

    public String entityId() {
        return entityId;
    }

    public byte[] key() {
        return key;
    }

    public byte[] value() {
        return value;
    }

    public boolean part() {
        return part;
    }

    public boolean marker() {
        return marker;
    }

    public RecordOrder order() {
        return new RecordOrder(timestamp, topic, partition, offset);
    }
}
