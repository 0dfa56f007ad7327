package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
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
    private Changes() {}

    /** @param delta cleared; takes what changed of what can be seen */
    static EntityState apply(EntityState state, EntityChange change, RecordOrder order, Delta delta)
            throws RecordRefused {
        if (change instanceof FlatAttribute flat) {
            return flat(state, flat, order, delta);
        }
        if (change instanceof EntityChange.EntityType typed) {
            EntityState next = typed(state, new String[] {typed.type()}, order);
            if (!Arrays.equals(next.types(), state.types())) {
                delta.everything();
            }
            return next;
        }
        EntityState next = state;
        if (change instanceof EntityChange.EntityDelete) {
            next = state.withFloor(order);
        } else if (change instanceof EntityChange.Document document) {
            if (document.operation() == Operation.UPDATE && !state.isTyped()) {
                delta.ignore();
                return state;
            }
            next = document(state, document, order);
        }
        if (next != state) {
            delta.between(state, next);
        }
        return next;
    }

    private static EntityState document(EntityState state, EntityChange.Document document, RecordOrder order) {
        EntityState next = document.operation() == Operation.REPLACE ? state.withFloor(order) : state;
        if (Instance.isBelow(order, next.floor())) {
            return next;
        }
        if (!document.types().isEmpty()) {
            String[] types = document.types().toArray(String[]::new);
            Arrays.sort(types);
            next = typed(next, types, order);
        }
        next = scoped(next, document.scope(), order);
        for (AttributeWrite write : document.attributes()) {
            next = write(next, write, order);
        }
        return next;
    }

    private static EntityState typed(EntityState state, String[] types, RecordOrder order) {
        if (Instance.isBelow(order, state.floor()) || !isNewer(order, state.typesOrder())) {
            return state;
        }
        return state.withTypes(TypeSets.shared(types), order);
    }

    private static EntityState scoped(EntityState state, List<String> scope, RecordOrder order) {
        return scope.isEmpty() || !isNewer(order, state.scopeOrder()) ? state : state.withScope(scope, order);
    }

    private static boolean isNewer(RecordOrder order, RecordOrder known) {
        return known == null || order.compareTo(known) > 0;
    }

    private static EntityState write(EntityState state, AttributeWrite write, RecordOrder order) {
        AttributeKey key = write.key();
        int found = Instances.find(state.instances(), null, key.name(), key.datasetId());
        Instance before = at(state.instances(), found, null, key);
        Instance after = written(before, write, order);
        return after == before ? state : state.with(found, after);
    }

    private static Instance at(Instance[] instances, int found, String parentId, AttributeKey key) {
        return found < 0 ? Instance.empty(parentId, key.name(), key.datasetId()) : instances[found];
    }

    private static Instance written(Instance before, AttributeWrite write, RecordOrder order) {
        return write.attribute() == null && !write.timed()
                ? before.withFloor(order)
                : before.with(new Write(write.eventTime(), order, write.attribute()));
    }

    private static EntityState flat(EntityState state, FlatAttribute change, RecordOrder order, Delta delta)
            throws RecordRefused {
        if (Instance.isBelow(order, state.floor())) {
            return state;
        }
        if (Erasures.isOne(change)) {
            return erased(state, change, order, delta);
        }
        String parentId = parentId(change);
        AttributeKey key = change.write().key();
        Instance[] instances = parentId == null ? state.instances() : state.subs();
        int found = Instances.find(instances, parentId, key.name(), key.datasetId());
        if (found < 0 && parentId != null) {
            SubAttributes.admit(state, change);
        }
        Instance before = at(instances, found, parentId, key);
        if (!before.isNamed(change.id(), state.id())) {
            return introduced(state, change, order, delta);
        }
        Instance after = written(before, change.write(), order).withFlatOrder(order);
        if (after == before) {
            return state;
        }
        EntityState next = with(state, found, after);
        if (!after.hasValueOf(before)) {
            changed(next, after, delta);
        }
        return next;
    }

    /** An empty one is none. */
    private static String parentId(FlatAttribute change) {
        return change.parentId() == null || change.parentId().isEmpty() ? null : change.parentId();
    }

    /** The record tells the id of an attribute: others may have named it already. */
    private static EntityState introduced(EntityState state, FlatAttribute change, RecordOrder order, Delta delta) {
        String id = change.id();
        EntityState next = state;
        Instance holder = Instances.named(state.instances(), id, state.id());
        holder = holder == null ? Instances.named(state.subs(), id, state.id()) : holder;
        boolean holds = holder != null && holder.flatOrder().compareTo(order) >= 0;
        if (holder != null && !holds) {
            next = replaced(next, holder, holder.withoutFlatId());
        }
        Instance erasure = holds ? null : Erasures.of(next.subs(), id);
        if (erasure != null) {
            next = next.withSubs(Instances.without(next.subs(), sub -> sub == erasure));
        }
        String parentId = parentId(change);
        AttributeKey key = change.write().key();
        Instance[] instances = parentId == null ? next.instances() : next.subs();
        int found = Instances.find(instances, parentId, key.name(), key.datasetId());
        Instance after = written(at(instances, found, parentId, key), change.write(), order);
        if (erasure != null) {
            for (Write write : erasure.writes()) {
                after = after.with(write);
            }
        }
        next = with(next, found, holds ? after : after.withFlatId(id, state.id(), order));
        delta.between(state, next);
        return next;
    }

    private static EntityState erased(EntityState state, FlatAttribute change, RecordOrder order, Delta delta) {
        Instance before = named(state, change.id());
        if (before == null) {
            Write write = new Write(change.write().eventTime(), order, (Attribute) null);
            return state.withSubs(Erasures.waiting(state.subs(), change.id(), write));
        }
        Instance after = written(before, change.write(), order);
        if (after == before) {
            return state;
        }
        EntityState next = replaced(state, before, after);
        if (!after.hasValueOf(before)) {
            changed(next, after, delta);
        }
        return next;
    }

    private static Instance named(EntityState state, String id) {
        Instance instance = SubAttributes.attribute(state, id);
        return instance == null ? Instances.named(state.subs(), id, state.id()) : instance;
    }

    private static EntityState with(EntityState state, int found, Instance instance) {
        return instance.parentId() == null
                ? state.with(found, instance)
                : state.withSubs(Instances.with(state.subs(), found, instance));
    }

    private static EntityState replaced(EntityState state, Instance old, Instance next) {
        return old.parentId() == null
                ? state.withInstances(Instances.replaced(state.instances(), old, next))
                : state.withSubs(Instances.replaced(state.subs(), old, next));
    }

    private static void changed(EntityState state, Instance instance, Delta delta) {
        Instance root = instance.parentId() == null ? instance : SubAttributes.root(state, instance.parentId());
        if (root != null) {
            delta.attribute(root.name());
        }
    }
}
