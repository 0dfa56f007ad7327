package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * What is remembered of one attribute instance. Immutable.
 *
 * <p>Of its writes it keeps those that may still count: the one that is last in event order, and each that is later in
 * record order than all that beat it, because a floor may yet come that only these survive. Normally that is one.
 */
final class Instance {
    static final Instance[] NONE = {};
    private static final Write[] NO_WRITES = {};

    private final String name;
    private final String datasetId;
    /** The id by which flat sub-attributes name it; null until it is known. */
    private final String flatId;
    /** Set by a deletion without a time; may be null. */
    private final RecordOrder floor;
    /** Ascending in event order, and so descending in record order. */
    private final Write[] writes;
    /** The sub-attributes that came as records of their own, sorted. */
    private final Instance[] children;

    Instance(String name, String datasetId, String flatId, RecordOrder floor, Write[] writes, Instance[] children) {
        this.name = name;
        this.datasetId = datasetId;
        this.flatId = flatId;
        this.floor = floor;
        this.writes = writes;
        this.children = children;
    }

    static Instance empty(String name, String datasetId) {
        return new Instance(name, datasetId, null, null, NO_WRITES, NONE);
    }

    String name() {
        return name;
    }

    String datasetId() {
        return datasetId;
    }

    String flatId() {
        return flatId;
    }

    RecordOrder floor() {
        return floor;
    }

    Write[] writes() {
        return writes;
    }

    Instance[] children() {
        return children;
    }

    /** The write that counts, or null. */
    Write winner() {
        return writes.length == 0 ? null : writes[writes.length - 1];
    }

    boolean isVisible() {
        return writes.length > 0 && writes[writes.length - 1].attribute() != null;
    }

    /** Nothing of it can matter any more. */
    boolean isEmpty() {
        return writes.length == 0 && floor == null && children.length == 0;
    }

    /**
     * A write, a deletion at a time, or a deletion without a time, which is a floor.
     *
     * @param id by which flat sub-attributes may name it from now on; may be null
     * @return this when nothing changes that is remembered
     */
    Instance changed(AttributeWrite write, String id, RecordOrder order, RecordOrder entityFloor) {
        if (isBelow(order, entityFloor)) {
            return this;
        }
        Instance next = write.attribute() == null && !write.timed()
                ? withFloor(order)
                : with(new Write(write.eventTime(), order, write.attribute()), entityFloor);
        return id == null ? next : next.withFlatId(id);
    }

    private Instance with(Write write, RecordOrder entityFloor) {
        if (isBelow(write.order(), entityFloor) || isBelow(write.order(), floor)) {
            return this;
        }
        int beaten = 0;
        for (Write known : writes) {
            boolean later = write.isLaterThan(known);
            if (!later && known.order().compareTo(write.order()) >= 0) {
                return this; // a repetition, or beaten for good
            }
            if (later && known.order().compareTo(write.order()) <= 0) {
                beaten++;
            }
        }
        return new Instance(name, datasetId, flatId, floor, inserted(write, beaten), children);
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

    Instance withFlatId(String id) {
        return id.equals(flatId) ? this : new Instance(name, datasetId, id, floor, writes, children);
    }

    Instance withChildren(Instance[] next) {
        return new Instance(name, datasetId, flatId, floor, writes, next);
    }

    /** A deletion without a time: what was recorded before it is gone. */
    Instance withFloor(RecordOrder next) {
        if (isBelow(next, floor)) {
            return this;
        }
        return new Instance(name, datasetId, flatId, next, above(writes, next), above(children, next));
    }

    /** Without what was recorded before the floor of the whole entity. */
    Instance above(RecordOrder entityFloor) {
        RecordOrder left = floor != null && isBelow(floor, entityFloor) ? null : floor;
        Write[] alive = above(writes, entityFloor);
        Instance[] subs = above(children, entityFloor);
        return left == floor && alive == writes && subs == children
                ? this
                : new Instance(name, datasetId, flatId, left, alive, subs);
    }

    static Instance[] above(Instance[] instances, RecordOrder floor) {
        Instance[] next = new Instance[instances.length];
        int kept = 0;
        boolean same = true;
        for (Instance instance : instances) {
            Instance left = instance.above(floor);
            same &= left == instance;
            if (!left.isEmpty()) {
                next[kept++] = left;
            }
        }
        return same && kept == next.length ? instances : Arrays.copyOf(next, kept);
    }

    private static Write[] above(Write[] writes, RecordOrder floor) {
        int dead = 0; // descending in record order: those below the floor stand last
        while (dead < writes.length && isBelow(writes[writes.length - 1 - dead].order(), floor)) {
            dead++;
        }
        return dead == 0 ? writes : Arrays.copyOf(writes, writes.length - dead);
    }

    /** Without deletions from before this time (Kafka's, in milliseconds): late records from before it are not expected. */
    Instance expired(long before) {
        RecordOrder left = floor != null && floor.timestamp() < before ? null : floor;
        Write last = winner();
        boolean gone = last != null && last.attribute() == null && last.order().timestamp() < before;
        Instance[] subs = expired(children, before);
        return left == floor && !gone && subs == children
                ? this
                : new Instance(name, datasetId, flatId, left, gone ? NO_WRITES : writes, subs);
    }

    static Instance[] expired(Instance[] instances, long before) {
        Instance[] next = new Instance[instances.length];
        int kept = 0;
        boolean same = true;
        for (Instance instance : instances) {
            Instance left = instance.expired(before);
            same &= left == instance;
            if (!left.isEmpty()) {
                next[kept++] = left;
            }
        }
        return same && kept == next.length ? instances : Arrays.copyOf(next, kept);
    }

    static boolean isBelow(RecordOrder order, RecordOrder floor) {
        return floor != null && order.compareTo(floor) < 0;
    }

    /** The attribute with the sub-attributes that came on their own; only for visible instances. */
    Attribute attribute(String entityId) {
        Attribute own = winner().attribute();
        Attribute[] subs = children.length == 0 ? Attribute.NONE : visible(children, entityId);
        if (subs.length == 0) {
            return own;
        }
        return new Attribute(
                entityId, name, datasetId, own.kind(), own.values(), own.metadata(), merged(own.subAttributes(), subs));
    }

    static Attribute[] visible(Instance[] instances, String entityId) {
        int count = 0;
        for (Instance instance : instances) {
            count += instance.isVisible() ? 1 : 0;
        }
        if (count == 0) {
            return Attribute.NONE;
        }
        Attribute[] visible = new Attribute[count];
        int at = 0;
        for (Instance instance : instances) {
            if (instance.isVisible()) {
                visible[at++] = instance.attribute(entityId);
            }
        }
        return visible;
    }

    /** Both are sorted; of two with one name and datasetId the record of its own wins. */
    private static Attribute[] merged(Attribute[] inside, Attribute[] own) {
        Attribute[] all = new Attribute[inside.length + own.length];
        int i = 0;
        int j = 0;
        int at = 0;
        while (i < inside.length || j < own.length) {
            int order = i == inside.length
                    ? 1
                    : j == own.length
                            ? -1
                            : Instances.compare(
                                    inside[i].name(), inside[i].datasetId(), own[j].name(), own[j].datasetId());
            if (order < 0) {
                all[at++] = inside[i++];
            } else {
                all[at++] = own[j++];
                i += order == 0 ? 1 : 0;
            }
        }
        return at == all.length ? all : Arrays.copyOf(all, at);
    }
}
