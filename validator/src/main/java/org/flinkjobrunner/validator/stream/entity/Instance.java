package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import java.util.Objects;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * What is remembered of one attribute instance, or of one sub-attribute that came as a record of its own. It changes only by
 * {@link #take}.
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
    private FlatId flatId;
    /** The newest record with this id; null also where that is the one of the last write. */
    private RecordOrder flatOrder;

    private RecordOrder floor;
    /** The write that counts, or null. */
    private Write winner;
    /** The other ones, as {@link #writes} has them; nearly always none. */
    private Write[] others;

    private String usualId;

    Instance(
            String parentId,
            String name,
            String datasetId,
            FlatId flatId,
            RecordOrder flatOrder,
            RecordOrder floor,
            Write... writes) {
        this.parentId = parentId;
        this.name = name;
        this.datasetId = datasetId;
        this.flatId = flatId;
        this.floor = floor;
        this.winner = writes.length == 0 ? null : writes[writes.length - 1];
        this.others = writes.length <= 1 ? NO_WRITES : Arrays.copyOf(writes, writes.length - 1);
        this.flatOrder = isOfWinner(flatOrder) ? null : flatOrder;
    }

    private boolean isOfWinner(RecordOrder order) {
        return order != null && winner != null && winner.compareOrder(order) == 0;
    }

    static Instance empty(String parentId, String name, String datasetId) {
        return new Instance(parentId, name, datasetId, null, null, null);
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
    String flatId(String entityId) {
        return flatId == null ? null : flatId.text(entityId);
    }

    boolean isNamed(String id, String entityId) {
        return flatId != null && flatId.is(id, entityId);
    }

    /** The id that it has by its place, unless a record told another; only for attributes of the entity. */
    String usualId(String entityId) {
        if (usualId == null) {
            String told = flatId(entityId);
            usualId = FlatIds.isUsual(told, entityId) ? told : FlatIds.of(entityId, name, datasetId);
        }
        return usualId;
    }

    /** The newest record with this id; null while no record has told it. */
    RecordOrder flatOrder() {
        return flatOrder != null || flatId == null ? flatOrder : winner.order();
    }

    boolean isNamedByWinner() {
        return flatId != null && flatOrder == null;
    }

    /** Set by a deletion without a time; may be null. */
    RecordOrder floor() {
        return floor;
    }

    /** Ascending in event order, and so descending in record order. */
    Write[] writes() {
        if (winner == null) {
            return NO_WRITES;
        }
        Write[] writes = Arrays.copyOf(others, others.length + 1);
        writes[others.length] = winner;
        return writes;
    }

    /** The write that counts when also this floor is one; null where there is none. */
    private Write winner(RecordOrder anotherFloor) {
        if (winner == null || !isBelow(winner, anotherFloor)) {
            return winner;
        }
        int last = others.length - 1; // descending in record order
        while (last >= 0 && isBelow(others[last], anotherFloor)) {
            last--;
        }
        return last < 0 ? null : others[last];
    }

    /** The value that counts when also this floor is one; null where there is none. */
    Attribute value(String entityId, RecordOrder anotherFloor) {
        Write counts = winner(anotherFloor);
        return counts == null ? null : counts.attribute(entityId, name, datasetId);
    }

    /** The value that counts, or null. */
    Attribute value(String entityId) {
        return winner == null ? null : winner.attribute(entityId, name, datasetId);
    }

    boolean hasValue() {
        return winner != null && !winner.isDeletion();
    }

    /** Whether both have the same value, or none: see {@link Write#hasContentOf}. */
    boolean hasValueOf(Instance other) {
        return this == other || hasValue() == other.hasValue() && (!hasValue() || winner.hasContentOf(other.winner));
    }

    /** The write that counts, or null. */
    Write winner() {
        return winner;
    }

    /** Nothing of it can matter any more. */
    boolean isEmpty() {
        return winner == null && floor == null;
    }

    /** @return this when the write changes nothing that is remembered */
    Instance with(Write write) {
        if (isBelow(write, floor)) {
            return this;
        }
        if (beatsAll(write)) {
            return new Instance(parentId, name, datasetId, flatId, flatOrder(), floor, write);
        }
        Write[] writes = writes();
        int beaten = 0;
        for (Write known : writes) {
            boolean later = write.isLaterThan(known);
            int order = known.compareOrder(write);
            if (!later && order >= 0) {
                return this; // a repetition, or beaten for good
            }
            if (later && order <= 0) {
                beaten++;
            }
        }
        return new Instance(parentId, name, datasetId, flatId, flatOrder(), floor, inserted(writes, write, beaten));
    }

    private boolean beatsAll(Write write) {
        return others.length == 0 && (winner == null || winner.compareOrder(write) <= 0 && write.isLaterThan(winner));
    }

    private static Write[] inserted(Write[] writes, Write write, int beaten) {
        Write[] next = new Write[writes.length - beaten + 1];
        if (next.length == 1) {
            next[0] = write;
            return next;
        }
        int at = 0;
        boolean placed = false;
        for (Write known : writes) {
            boolean later = write.isLaterThan(known);
            if (later && known.compareOrder(write) <= 0) {
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

    /** A record with its id spoke of it. */
    Instance withFlatOrder(RecordOrder order) {
        return withFlatId(flatId, order);
    }

    Instance withFlatId(String id, String entityId, RecordOrder order) {
        return withFlatId(FlatId.of(id, entityId), order);
    }

    /** The newest record is right about the id. */
    private Instance withFlatId(FlatId id, RecordOrder order) {
        RecordOrder known = flatOrder();
        if (known != null && order.compareTo(known) <= 0) {
            return this;
        }
        return new Instance(parentId, name, datasetId, id, order, floor, writes());
    }

    /** The id belongs to another one. */
    Instance withoutFlatId() {
        return new Instance(parentId, name, datasetId, null, null, floor, writes());
    }

    /** A deletion without a time: what was recorded before it is gone. */
    Instance withFloor(RecordOrder next) {
        return isBelow(next, floor)
                ? this
                : new Instance(parentId, name, datasetId, flatId, flatOrder(), next, above(writes(), next));
    }

    /** Without what was recorded before the floor of the whole entity. */
    Instance above(RecordOrder entityFloor) {
        Write[] writes = writes();
        Write[] alive = above(writes, entityFloor);
        RecordOrder order = flatOrder();
        boolean named = order != null && !isBelow(order, entityFloor);
        RecordOrder left = floor != null && isBelow(floor, entityFloor) ? null : floor;
        return alive == writes && left == floor && named == (order != null)
                ? this
                : new Instance(parentId, name, datasetId, named ? flatId : null, named ? order : null, left, alive);
    }

    private static Write[] above(Write[] writes, RecordOrder floor) {
        int dead = 0; // descending in record order: those below the floor stand last
        while (dead < writes.length && isBelow(writes[writes.length - 1 - dead], floor)) {
            dead++;
        }
        return dead == 0 ? writes : Arrays.copyOf(writes, writes.length - dead);
    }

    /** The time (Kafka's, in milliseconds) of the earliest deletion; the latest that there is where there is none. */
    long earliestDeletion() {
        long earliest = floor == null ? Long.MAX_VALUE : floor.timestamp();
        return winner != null && winner.isDeletion() ? Math.min(earliest, winner.timestamp()) : earliest;
    }

    /** Without deletions from before this time, for late records are not expected; what was beaten must not come back. */
    Instance expired(long before) {
        if (earliestDeletion() >= before) {
            return this;
        }
        RecordOrder left = floor != null && floor.timestamp() < before ? null : floor;
        boolean deleted = winner != null && winner.isDeletion() && winner.timestamp() < before;
        return new Instance(parentId, name, datasetId, flatId, flatOrder(), left, deleted ? NO_WRITES : writes());
    }

    static boolean isBelow(RecordOrder order, RecordOrder floor) {
        return floor != null && order.compareTo(floor) < 0;
    }

    private static boolean isBelow(Write write, RecordOrder floor) {
        return floor != null && write.compareOrder(floor) < 0;
    }

    /** The attribute with the sub-attributes that came on their own; null where it is deleted. */
    Attribute attribute(String entityId, Instance[] subs) {
        return subs.length == 0 ? value(entityId) : SubAttributes.attach(entityId, this, subs);
    }

    boolean isAtPlaceOf(Instance other) {
        return name.equals(other.name) && datasetId.equals(other.datasetId) && Objects.equals(parentId, other.parentId);
    }

    /** From now on its values are only bytes. */
    void keep() {
        if (winner != null) {
            winner.keep();
        }
        for (Write write : others) {
            write.keep();
        }
    }

    /** With nothing in common that could change. */
    Instance copy() {
        Write[] writes = writes();
        for (int i = 0; i < writes.length; i++) {
            writes[i] = writes[i].copy();
        }
        Instance copy = new Instance(parentId, name, datasetId, flatId, flatOrder(), floor, writes);
        copy.usualId = usualId;
        return copy;
    }

    /** Becomes what the other one, at the same place, is. */
    void take(Instance other) {
        if (flatId != other.flatId) {
            flatId = other.flatId;
            usualId = null;
        }
        if (flatOrder != other.flatOrder) {
            flatOrder = other.flatOrder;
        }
        if (floor != other.floor) {
            floor = other.floor;
        }
        if (winner == null || other.winner == null || others.length + other.others.length > 0) {
            other.keep();
            winner = other.winner;
            others = other.others;
        } else if (winner != other.winner) {
            winner.take(other.winner);
        }
    }
}
