package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * A value that an attribute instance got, or its deletion at a time. Event order is event time (nanoseconds), then record
 * order.
 *
 * <p>It changes only by {@link #take}, in the hands of the {@link CellStore}: what is kept of an attribute is overwritten in
 * place, with its value as bytes. Otherwise each record would leave a dozen objects that live until the next record about
 * the same attribute, and copying these would cost the garbage collector as much as all else that is done with the record.
 */
final class Write {
    private static final byte[] DELETION = {};
    private static final int GROWTH = 8;

    private long eventTime;
    private long timestamp;
    private long offset;
    private InputTopic topic;
    private int partition;
    /** The attribute as {@link AttributeCodec} writes it, in the first {@code length} bytes; null while nobody needed it. */
    private byte[] content;

    private int length;
    /** Null when it is kept, or a deletion. */
    private Attribute attribute;

    /** @param attribute null for a deletion */
    Write(long eventTime, RecordOrder order, Attribute attribute) {
        this(eventTime, order, attribute == null ? DELETION : null);
        this.attribute = attribute;
    }

    /** @param content empty for a deletion; becomes its own */
    Write(long eventTime, RecordOrder order, byte[] content) {
        this.eventTime = eventTime;
        this.timestamp = order.timestamp();
        this.topic = order.topic();
        this.partition = order.partition();
        this.offset = order.offset();
        this.content = content;
        this.length = content == null ? 0 : content.length;
    }

    private Write(Write other) {
        this.eventTime = other.eventTime;
        this.timestamp = other.timestamp;
        this.topic = other.topic;
        this.partition = other.partition;
        this.offset = other.offset;
        this.content = Arrays.copyOf(other.content(), other.length);
        this.length = other.length;
    }

    /** Nanoseconds. */
    long eventTime() {
        return eventTime;
    }

    /** Kafka's, in milliseconds. */
    long timestamp() {
        return timestamp;
    }

    RecordOrder order() {
        return new RecordOrder(timestamp, topic, partition, offset);
    }

    boolean isDeletion() {
        return attribute == null && length == 0;
    }

    /** Made anew where only its bytes are kept; null for a deletion. */
    Attribute attribute(String entityId, String name, String datasetId) {
        Attribute known = attribute;
        return known != null || length == 0 ? known : AttributeCodec.unpack(entityId, name, datasetId, content);
    }

    /** In event order; a write is not later than itself. */
    boolean isLaterThan(Write other) {
        return eventTime != other.eventTime ? eventTime > other.eventTime : compareOrder(other) > 0;
    }

    /** In record order. */
    int compareOrder(Write other) {
        return compareOrder(other.timestamp, other.topic, other.partition, other.offset);
    }

    int compareOrder(RecordOrder order) {
        return compareOrder(order.timestamp(), order.topic(), order.partition(), order.offset());
    }

    private int compareOrder(long otherTimestamp, InputTopic otherTopic, int otherPartition, long otherOffset) {
        if (timestamp != otherTimestamp) {
            return timestamp < otherTimestamp ? -1 : 1;
        }
        if (topic != otherTopic) {
            return topic.compareTo(otherTopic);
        }
        return partition != otherPartition
                ? Integer.compare(partition, otherPartition)
                : Long.compare(offset, otherOffset);
    }

    /** Whether both say the same to every shape; where the members of an object came in another order it may say no. */
    boolean hasContentOf(Write other) {
        return Arrays.equals(content(), 0, length, other.content(), 0, other.length);
    }

    void writeContent(Packer out) {
        byte[] bytes = content();
        out.number(length);
        out.raw(bytes, length);
    }

    private byte[] content() {
        byte[] known = content;
        if (known == null) {
            known = AttributeCodec.pack(attribute);
            length = known.length;
            content = known;
        }
        return known;
    }

    /** From now on it is only bytes. */
    void keep() {
        content();
        attribute = null;
    }

    Write copy() {
        return new Write(this);
    }

    /** Becomes what the other is. References are only written where they differ: the collector looks at each such place. */
    void take(Write other) {
        eventTime = other.eventTime;
        timestamp = other.timestamp;
        partition = other.partition;
        offset = other.offset;
        if (topic != other.topic) {
            topic = other.topic;
        }
        byte[] next = other.content();
        if (other.length > content.length) {
            content = Arrays.copyOf(next, other.length + GROWTH);
        } else {
            System.arraycopy(next, 0, content, 0, other.length);
        }
        length = other.length;
    }
}
