package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.flinkjobrunner.validator.wire.RecordRefused;

/**
 * Sub-attributes that came as records of their own. They are kept beside the attributes and name their parent by its id,
 * so that it makes no difference which comes first; those whose parent is not known wait. Among all instances of an
 * entity an id is unique, so that each has one place or, in a circle of parents, none.
 */
final class SubAttributes {
    /** How many of one entity may wait. */
    static final int MOST_WAITING = 64;

    private static final int DEEPEST = 64;

    private SubAttributes() {}

    /** An attribute of the entity with all below it; null where it is deleted. */
    static Attribute attach(String entityId, Instance instance, Instance[] subs) {
        Attribute own = instance.value(entityId);
        if (own == null) {
            return null;
        }
        Attribute[] below = below(entityId, instance.usualId(entityId), instance.floor(), subs, 0);
        String told = instance.flatId(entityId);
        if (told != null && !told.equals(instance.usualId(entityId))) {
            below = merged(below, below(entityId, told, instance.floor(), subs, 0));
        }
        return with(below, own);
    }

    /** @param floor of the parents: a deletion without a time ends what is below it too */
    private static Attribute[] below(String entityId, String id, RecordOrder floor, Instance[] subs, int depth) {
        Attribute[] below = Attribute.NONE;
        if (id == null || depth > 2 * DEEPEST) {
            return below;
        }
        for (int i = Instances.firstOf(subs, id);
                i < subs.length && subs[i].parentId().equals(id);
                i++) {
            Attribute own = subs[i].value(entityId, floor);
            if (own != null) {
                below = Arrays.copyOf(below, below.length + 1);
                below[below.length - 1] = with(below(entityId, subs[i].flatId(entityId), floor, subs, depth + 1), own);
            }
        }
        return below;
    }

    private static Attribute with(Attribute[] below, Attribute own) {
        return below.length == 0
                ? own
                : new Attribute(
                        own.entityId(),
                        own.name(),
                        own.datasetId(),
                        own.kind(),
                        own.values(),
                        own.metadata(),
                        merged(own.subAttributes(), below));
    }

    /** Both are sorted; of two with one name and datasetId the record of its own wins. */
    private static Attribute[] merged(Attribute[] inside, Attribute[] own) {
        if (inside.length == 0) {
            return own;
        }
        Attribute[] all = new Attribute[inside.length + own.length];
        int i = 0;
        int j = 0;
        int at = 0;
        while (i < inside.length || j < own.length) {
            int order = i == inside.length ? 1 : j == own.length ? -1 : compare(inside[i], own[j]);
            if (order < 0) {
                all[at++] = inside[i++];
            } else {
                all[at++] = own[j++];
                i += order == 0 ? 1 : 0;
            }
        }
        return at == all.length ? all : Arrays.copyOf(all, at);
    }

    private static int compare(Attribute one, Attribute other) {
        return Instances.compare(one.name(), one.datasetId(), other.name(), other.datasetId());
    }

    /** The entity's attribute below which this parent is; null while that is not known. */
    static Instance root(EntityState state, String parentId) {
        String id = parentId;
        for (int i = 0; i <= state.subs().length; i++) {
            Instance root = attribute(state, id);
            if (root != null) {
                return root;
            }
            Instance parent = Instances.named(state.subs(), id, state.id());
            if (parent == null) {
                return null;
            }
            id = parent.parentId();
        }
        return null;
    }

    /** Of the entity, with this id: as a record told, or by its place; or null. */
    static Instance attribute(EntityState state, String id) {
        Instance named = Instances.named(state.instances(), id, state.id());
        if (named != null || !FlatIds.isUsual(id, state.id())) {
            return named;
        }
        for (Instance instance : state.instances()) {
            if (instance.usualId(state.id()).equals(id)) {
                return instance;
            }
        }
        return null;
    }

    /** A sub-attribute that is new must have a place, or one among those that wait. */
    static void admit(EntityState state, FlatAttribute change) throws RecordRefused {
        Set<String> known = ids(state);
        if (!known.contains(change.parentId())) {
            int waiting = 0;
            for (Instance sub : state.subs()) {
                waiting += known.contains(sub.parentId()) || Erasures.isOne(sub) ? 0 : 1;
            }
            if (waiting >= MOST_WAITING) {
                throw new RecordRefused(
                        "parent-unknown",
                        "/parentId",
                        "the parent is not known, and " + MOST_WAITING
                                + " sub-attributes of this entity wait for theirs already",
                        "send an attribute before its sub-attributes");
            }
        }
        int depth = 0;
        Instance at = Instances.named(state.subs(), change.parentId(), state.id());
        while (at != null && depth <= DEEPEST) {
            depth++;
            at = Instances.named(state.subs(), at.parentId(), state.id());
        }
        if (depth > DEEPEST || change.parentId().equals(change.id())) {
            throw new RecordRefused(
                    "too-deep", "/parentId", "sub-attributes are nested deeper than " + DEEPEST + " times", null);
        }
    }

    /** Without those that wait for a parent since before this time (Kafka's, in milliseconds). */
    static Instance[] expired(EntityState state, Instance[] subs, long before) {
        Set<String> known = ids(state);
        return Instances.without(
                subs, sub -> !known.contains(sub.parentId()) && newest(sub).timestamp() < before);
    }

    private static RecordOrder newest(Instance sub) {
        return sub.writes()[0].order(); // descending in record order
    }

    private static Set<String> ids(EntityState state) {
        Set<String> ids = new HashSet<>();
        for (Instance instance : state.instances()) {
            ids.add(instance.flatId(state.id()));
            ids.add(instance.usualId(state.id()));
        }
        for (Instance sub : state.subs()) {
            ids.add(sub.flatId(state.id()));
        }
        return ids;
    }
}
