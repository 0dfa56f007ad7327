package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * What is remembered of one attribute instance, or of one sub-attribute that came as a record of its own. Immutable, but for
 * what it keeps of the document.
 *
 * <p>Of its writes it keeps those that may still count: the one that is last in event order, and each that is later in
 * record order than all that beat it, because a floor may yet come that only these survive. Normally that is one.
 */
final class Instance {
    static final Instance[] NONE = {};
    private static final Write[] NO_WRITES = {};

    private final String parentId;
    private final String name;
    private final String datasetId;
    private final String flatId;
    private final RecordOrder flatOrder;
    private final RecordOrder floor;
    private final Write[] writes;
    /** The attribute as it was shown last, with these subs. */
    private Attribute shown;

    private Instance[] shownWith;
    private String usualId;

    Instance(
            String parentId,
            String name,
            String datasetId,
            String flatId,
            RecordOrder flatOrder,
            RecordOrder floor,
            Write[] writes) {
        this.parentId = parentId;
        this.name = name;
        this.datasetId = datasetId;
        this.flatId = flatId;
        this.flatOrder = flatOrder;
        this.floor = floor;
        this.writes = writes;
    }

    static Instance empty(String parentId, String name, String datasetId) {
        return new Instance(parentId, name, datasetId, null, null, null, NO_WRITES);
    }

    /** The id of the attribute that this one is a sub-attribute of; null for an attribute of the entity. */
    String parentId() {
        return parentId;
    }

    String name() {
        return name;
    }

    String datasetId() {
        return datasetId;
    }

    /** The id by which flat sub-attributes name it; null until a record has told it. */
    String flatId() {
        return flatId;
    }

    /** The id that it has by its place, unless a record told another; only for attributes of the entity. */
    String usualId(String entityId) {
        if (usualId == null) {
            usualId = FlatIds.isUsual(flatId, entityId) ? flatId : FlatIds.of(entityId, name, datasetId);
        }
        return usualId;
    }

    /** The newest record with this id. */
    RecordOrder flatOrder() {
        return flatOrder;
    }

    /** Set by a deletion without a time; may be null. */
    RecordOrder floor() {
        return floor;
    }

    /** Ascending in event order, and so descending in record order; not to be changed. */
    Write[] writes() {
        return writes;
    }

    /** The value that counts when also this floor is one; null where there is none. */
    Attribute value(RecordOrder anotherFloor) {
        int last = writes.length - 1; // descending in record order
        while (last >= 0 && isBelow(writes[last].order(), anotherFloor)) {
            last--;
        }
        return last < 0 ? null : writes[last].attribute();
    }

    /** The write that counts, or null. */
    Write winner() {
        return writes.length == 0 ? null : writes[writes.length - 1];
    }

    /** The value that counts, or null. */
    Attribute value() {
        return writes.length == 0 ? null : writes[writes.length - 1].attribute();
    }

    /** Nothing of it can matter any more. */
    boolean isEmpty() {
        return writes.length == 0 && floor == null;
    }

    /** @return this when the write changes nothing that is remembered */
    Instance with(Write write) {
        if (isBelow(write.order(), floor)) {
            return this;
        }
        int beaten = 0;
        for (Write known : writes) {
            boolean later = write.isLaterThan(known);
            int order = known.order().compareTo(write.order());
            if (!later && order >= 0) {
                return this; // a repetition, or beaten for good
            }
            if (later && order <= 0) {
                beaten++;
            }
        }
        return new Instance(parentId, name, datasetId, flatId, flatOrder, floor, inserted(write, beaten));
    }

    private Write[] inserted(Write write, int beaten) {
        Write[] next = new Write[writes.length - beaten + 1];
        if (next.length == 1) {
            next[0] = write;
            return next;
        }
        int at = 0;
        boolean placed = false;
        for (Write known : writes) {
            boolean later = write.isLaterThan(known);
            if (later && known.order().compareTo(write.order()) <= 0) {
                continue;
            }
            if (!later && !placed) {
                next[at++] = write;
                placed = true;
            }
            next[at++] = known;
        }
        if (!placed) {
            next[at] = write;
        }
        return next;
    }

    /** A record with this id spoke of it; the newest record is right about the id. */
    Instance withFlatId(String id, RecordOrder order) {
        if (flatOrder != null && order.compareTo(flatOrder) <= 0) {
            return this;
        }
        return new Instance(parentId, name, datasetId, id, order, floor, writes);
    }

    /** The id belongs to another one. */
    Instance withoutFlatId() {
        return new Instance(parentId, name, datasetId, null, null, floor, writes);
    }

    /** A deletion without a time: what was recorded before it is gone. */
    Instance withFloor(RecordOrder next) {
        return isBelow(next, floor)
                ? this
                : new Instance(parentId, name, datasetId, flatId, flatOrder, next, above(writes, next));
    }

    /** Without what was recorded before the floor of the whole entity. */
    Instance above(RecordOrder entityFloor) {
        Write[] alive = above(writes, entityFloor);
        boolean named = flatOrder != null && !isBelow(flatOrder, entityFloor);
        RecordOrder left = floor != null && isBelow(floor, entityFloor) ? null : floor;
        return alive == writes && left == floor && named == (flatOrder != null)
                ? this
                : new Instance(parentId, name, datasetId, named ? flatId : null, named ? flatOrder : null, left, alive);
    }

    private static Write[] above(Write[] writes, RecordOrder floor) {
        int dead = 0; // descending in record order: those below the floor stand last
        while (dead < writes.length && isBelow(writes[writes.length - 1 - dead].order(), floor)) {
            dead++;
        }
        return dead == 0 ? writes : Arrays.copyOf(writes, writes.length - dead);
    }

    /** The time (Kafka's, in milliseconds) of the earliest deletion; the latest that there is where there is none. */
    long earliestDeletion() {
        long earliest = floor == null ? Long.MAX_VALUE : floor.timestamp();
        return writes.length > 0 && value() == null
                ? Math.min(earliest, winner().order().timestamp())
                : earliest;
    }

    private boolean isDeleted(long before) {
        return writes.length > 0 && value() == null && winner().order().timestamp() < before;
    }

    /** Without deletions from before this time, for late records are not expected; what was beaten must not come back. */
    Instance expired(long before) {
        if (earliestDeletion() >= before) {
            return this;
        }
        RecordOrder left = floor != null && floor.timestamp() < before ? null : floor;
        return new Instance(parentId, name, datasetId, flatId, flatOrder, left, isDeleted(before) ? NO_WRITES : writes);
    }

    static boolean isBelow(RecordOrder order, RecordOrder floor) {
        return floor != null && order.compareTo(floor) < 0;
    }

    /** The attribute with the sub-attributes that came on their own; null where it is deleted. */
    Attribute attribute(String entityId, Instance[] subs) {
        if (subs.length == 0) {
            return value();
        }
        if (shownWith != subs) {
            shown = SubAttributes.attach(entityId, this, subs);
            shownWith = subs;
        }
        return shown;
    }
}
