package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.flinkjobrunner.validator.wire.RecordRefused;

/**
 * Applies the attribute records of family B that name another record by its id: sub-attributes their parent, tombstones
 * what they delete. One application; the place is looked for among all instances, for these records are rare.
 */
final class FlatChanges {
    /** Sub-attributes of one entity that may wait for their attribute. */
    static final int MOST_ORPHANS = 64;

    /** What becomes of the instance with the id. */
    private interface Change {
        Instance of(Instance named);
    }

    private final RecordOrder entityFloor;
    private final String entityId;

    private FlatChanges(EntityState state) {
        entityFloor = state.floor();
        entityId = state.id();
    }

    /** A sub-attribute: below its parent, or among those that wait for theirs. */
    static EntityState below(EntityState state, FlatAttribute change, RecordOrder order, Delta delta)
            throws RecordRefused {
        EntityState next = new FlatChanges(state)
                .changed(state, change.parentId(), delta, parent -> withChild(parent, change, order, state.floor()));
        if (next == null) {
            return waiting(state, change, order);
        }
        return adopt(next, delta);
    }

    private static Instance withChild(
            Instance parent, FlatAttribute change, RecordOrder order, RecordOrder entityFloor) {
        Instance[] children = parent.children();
        AttributeKey key = change.write().key();
        int found = Instances.find(children, key.name(), key.datasetId());
        Instance before = found < 0 ? Instance.empty(key.name(), key.datasetId()) : children[found];
        Instance after = before.changed(change.write(), change.id(), order, entityFloor);
        return after == before || found < 0 && after.isEmpty()
                ? parent
                : parent.withChildren(Instances.with(children, found, after));
    }

    /** A tombstone, which knows nothing but the id of what it deletes; of what is not known there is nothing to delete. */
    static EntityState deleted(EntityState state, FlatAttribute change, RecordOrder order, Delta delta) {
        EntityState next = new FlatChanges(state)
                .changed(state, change.id(), delta, named -> named.changed(change.write(), null, order, state.floor()));
        if (next == null) {
            delta.ignore();
        }
        return next == null ? state : next;
    }

    /** @return null when no instance has the id */
    private EntityState changed(EntityState state, String id, Delta delta, Change change) {
        Instance[] instances = state.instances();
        for (int i = 0; i < instances.length; i++) {
            Instance after = changed(instances[i], "", id, change);
            if (after != null) {
                if (after == instances[i]) {
                    return state;
                }
                delta.attribute(instances[i].name());
                return state.withInstances(Instances.with(instances, i, after));
            }
        }
        return null;
    }

    /** @return null when neither this instance nor one below it has the id */
    private Instance changed(Instance instance, String parents, String id, Change change) {
        String way = FlatIds.way(parents, instance);
        if (FlatIds.isOf(id, entityId, instance, way)) {
            return change.of(instance);
        }
        Instance[] children = instance.children();
        for (int i = 0; i < children.length; i++) {
            Instance after = changed(children[i], way, id, change);
            if (after != null) {
                return after == children[i] ? instance : instance.withChildren(Instances.with(children, i, after));
            }
        }
        return null;
    }

    private static EntityState waiting(EntityState state, FlatAttribute change, RecordOrder order)
            throws RecordRefused {
        Orphan[] orphans = state.orphans();
        if (orphans.length >= MOST_ORPHANS) {
            throw new RecordRefused(
                    "parent-unknown",
                    "/parentId",
                    "the attribute <" + change.parentId() + "> is not known, and " + MOST_ORPHANS
                            + " sub-attributes of this entity wait for theirs already",
                    "send an attribute before its sub-attributes");
        }
        Orphan[] next = Arrays.copyOf(orphans, orphans.length + 1);
        next[orphans.length] = new Orphan(change, order);
        return state.withOrphans(next);
    }

    /** Those that wait for a parent that is there by now find their place, and with them those that wait for them. */
    static EntityState adopt(EntityState state, Delta delta) {
        EntityState next = state;
        boolean found = next.orphans().length > 0;
        while (found) {
            found = false;
            for (Orphan orphan : next.orphans()) {
                RecordOrder floor = next.floor();
                EntityState adopted = new FlatChanges(next)
                        .changed(
                                next,
                                orphan.change().parentId(),
                                delta,
                                parent -> withChild(parent, orphan.change(), orphan.order(), floor));
                if (adopted != null) {
                    next = adopted.withOrphans(without(adopted.orphans(), orphan));
                    found = true;
                }
            }
        }
        return next;
    }

    private static Orphan[] without(Orphan[] orphans, Orphan which) {
        return Arrays.stream(orphans).filter(orphan -> orphan != which).toArray(Orphan[]::new);
    }
}
