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
        Instance after = before.changed(write, flatId, order, state.floor());
        if (after == before || found < 0 && after.isEmpty()) {
            return state;
        }
        if (after.winner() != before.winner() || after.children() != before.children()) {
            delta.attribute(key.name());
        }
        EntityState next = state.withInstances(Instances.with(instances, found, after));
        return next.orphans().length == 0 ? next : FlatChanges.adopt(next, delta);
    }

    private static EntityState flat(EntityState state, FlatAttribute change, RecordOrder order, Delta delta)
            throws RecordRefused {
        if (Instance.isBelow(order, state.floor())) {
            return state;
        }
        if (change.write().key().name().isEmpty()) {
            return FlatChanges.deleted(state, change, order, delta);
        }
        return change.parentId() == null
                ? write(state, change.write(), change.id(), order, delta)
                : FlatChanges.below(state, change, order, delta);
    }
}
