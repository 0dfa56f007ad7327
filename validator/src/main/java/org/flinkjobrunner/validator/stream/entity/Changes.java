package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import java.util.List;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;
import org.flinkjobrunner.validator.wire.Operation;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.flinkjobrunner.validator.wire.RecordRefused;

/**
 * Applies what records say to what is remembered, so that the order in which they arrive makes no difference: of one
 * attribute instance the write counts that is last in event order among those that no floor, in record order, has ended.
 */
final class Changes {
    /** Sub-attributes of one entity that may wait for their attribute. */
    static final int MOST_ORPHANS = 64;

    private Changes() {}

    /** @param delta cleared; takes what changed of what can be seen */
    static EntityState apply(EntityState state, EntityChange change, RecordOrder order, Delta delta)
            throws RecordRefused {
        if (change instanceof FlatAttribute flat) {
            return flat(state, flat, order, delta);
        }
        if (change instanceof EntityChange.Document document) {
            return document(state, document, order, delta);
        }
        if (change instanceof EntityChange.EntityType typed) {
            return typed(state, new String[] {typed.type()}, order, delta);
        }
        return floor(state, order, delta);
    }

    private static EntityState floor(EntityState state, RecordOrder order, Delta delta) {
        EntityState next = state.withFloor(order);
        if (next != state) {
            delta.everything();
        }
        return next;
    }

    private static EntityState document(
            EntityState state, EntityChange.Document document, RecordOrder order, Delta delta) throws RecordRefused {
        if (document.operation() == Operation.UPDATE && !state.isTyped()) {
            delta.ignore();
            return state;
        }
        EntityState next = document.operation() == Operation.REPLACE ? floor(state, order, delta) : state;
        if (!document.types().isEmpty()) {
            next = typed(next, document.types().toArray(String[]::new), order, delta);
        }
        next = scoped(next, document.scope(), order, delta);
        for (AttributeWrite write : document.attributes()) {
            next = write(next, write, null, order, delta);
        }
        return next;
    }

    private static EntityState typed(EntityState state, String[] types, RecordOrder order, Delta delta) {
        if (Instance.isBelow(order, state.floor()) || Instance.isBelow(order, state.typesOrder())) {
            return state;
        }
        if (!Arrays.equals(types, state.types())) {
            delta.types();
        }
        return state.withTypes(types, order);
    }

    private static EntityState scoped(EntityState state, List<String> scope, RecordOrder order, Delta delta) {
        if (scope.isEmpty() || Instance.isBelow(order, state.floor()) || Instance.isBelow(order, state.scopeOrder())) {
            return state;
        }
        if (!scope.equals(state.scope())) {
            delta.everything();
        }
        return state.withScope(scope, order);
    }

    private static EntityState write(
            EntityState state, AttributeWrite write, String flatId, RecordOrder order, Delta delta) {
        AttributeKey key = write.key();
        Instance[] instances = state.instances();
        int found = Instances.find(instances, key.name(), key.datasetId());
        Instance before = found < 0 ? Instance.empty(key.name(), key.datasetId()) : instances[found];
        Instance after = written(before, write, flatId, order, state.floor());
        if (after == before || found < 0 && after.isEmpty()) {
            return state;
        }
        if (after.winner() != before.winner()) {
            delta.attribute(key.name());
        }
        return state.withInstances(Instances.with(instances, found, after));
    }

    private static Instance written(
            Instance before, AttributeWrite write, String flatId, RecordOrder order, RecordOrder entityFloor) {
        Instance next;
        if (write.attribute() == null && !write.timed()) {
            next = Instance.isBelow(order, entityFloor) ? before : before.withFloor(order);
        } else {
            next = before.with(new Write(write.eventTime(), order, write.attribute()), entityFloor);
        }
        return flatId == null || Instance.isBelow(order, entityFloor) ? next : next.withFlatId(flatId);
    }

    private static EntityState flat(EntityState state, FlatAttribute change, RecordOrder order, Delta delta)
            throws RecordRefused {
        if (Instance.isBelow(order, state.floor())) {
            return state;
        }
        EntityState next = change.parentId() == null
                ? write(state, change.write(), change.id(), order, delta)
                : below(state, change, order, delta);
        return next.orphans().length == 0 ? next : adopt(next, change.id(), delta);
    }

    /** A sub-attribute: below its parent, or among those that wait for theirs. */
    private static EntityState below(EntityState state, FlatAttribute change, RecordOrder order, Delta delta)
            throws RecordRefused {
        Instance[] instances = state.instances();
        for (int i = 0; i < instances.length; i++) {
            Instance after = below(instances[i], change, order, state.floor());
            if (after != null) {
                if (after == instances[i]) {
                    return state;
                }
                delta.attribute(instances[i].name());
                return state.withInstances(Instances.with(instances, i, after));
            }
        }
        return waiting(state, change, order);
    }

    /** @return null when the parent is not this instance or below it */
    private static Instance below(Instance instance, FlatAttribute change, RecordOrder order, RecordOrder entityFloor) {
        Instance[] children = instance.children();
        if (change.parentId().equals(instance.flatId())) {
            AttributeKey key = change.write().key();
            int found = Instances.find(children, key.name(), key.datasetId());
            Instance before = found < 0 ? Instance.empty(key.name(), key.datasetId()) : children[found];
            Instance after = written(before, change.write(), change.id(), order, entityFloor);
            return after == before || found < 0 && after.isEmpty()
                    ? instance
                    : instance.withChildren(Instances.with(children, found, after));
        }
        for (int i = 0; i < children.length; i++) {
            Instance after = below(children[i], change, order, entityFloor);
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

    /** Those that waited for this id find their place, and with them those that waited for them. */
    private static EntityState adopt(EntityState state, String id, Delta delta) throws RecordRefused {
        EntityState next = state;
        for (Orphan orphan : state.orphans()) {
            if (orphan.change().parentId().equals(id)) {
                next = next.withOrphans(without(next.orphans(), orphan));
                next = below(next, orphan.change(), orphan.order(), delta);
                next = adopt(next, orphan.change().id(), delta);
            }
        }
        return next;
    }

    private static Orphan[] without(Orphan[] orphans, Orphan which) {
        return Arrays.stream(orphans).filter(orphan -> orphan != which).toArray(Orphan[]::new);
    }
}
