package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * What is remembered of one entity: its writes and floors, and what the last judgement found. Immutable; how records
 * change it is in {@link Changes}.
 *
 * <p>An entity whose type no living record says is <em>untyped</em>: it cannot be judged, its writes are kept.
 */
final class EntityState {
    static final String[] NO_TYPES = {};
    /** No program has this key: everything is to be judged. */
    static final long UNJUDGED = 0;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final String id;
    private final RecordOrder floor;
    private final String[] types;
    private final RecordOrder typesOrder;
    private final List<String> scope;
    private final RecordOrder scopeOrder;
    private final Instance[] instances;
    private final Instance[] subs;
    private final Standing[] standing;
    private final long judgedBy;
    private EntityDocument document;
    /** Nothing of it that expires is from before this time; a lower bound. */
    private long earliestDeletion = UNKNOWN;

    EntityState(
            String id,
            RecordOrder floor,
            String[] types,
            RecordOrder typesOrder,
            List<String> scope,
            RecordOrder scopeOrder,
            Instance[] instances,
            Instance[] subs,
            Standing[] standing,
            long judgedBy) {
        this.id = id;
        this.floor = floor;
        this.types = types;
        this.typesOrder = typesOrder;
        this.scope = scope;
        this.scopeOrder = scopeOrder;
        this.instances = instances;
        this.subs = subs;
        this.standing = standing;
        this.judgedBy = judgedBy;
    }

    static EntityState unknown(String id) {
        return new EntityState(
                id, null, NO_TYPES, null, List.of(), null, Instance.NONE, Instance.NONE, Standing.NONE, UNJUDGED);
    }

    String id() {
        return id;
    }

    RecordOrder floor() {
        return floor;
    }

    /** Sorted; empty while the entity is untyped; not to be changed. */
    String[] types() {
        return types;
    }

    RecordOrder typesOrder() {
        return typesOrder;
    }

    List<String> scope() {
        return scope;
    }

    RecordOrder scopeOrder() {
        return scopeOrder;
    }

    /** The attributes; not to be changed. */
    Instance[] instances() {
        return instances;
    }

    /** The {@link SubAttributes} that came on their own; not to be changed. */
    Instance[] subs() {
        return subs;
    }

    /** Sorted by unit and alert; not to be changed. */
    Standing[] standing() {
        return standing;
    }

    /** The key of the program that judged it last, or {@link #UNJUDGED}. */
    long judgedBy() {
        return judgedBy;
    }

    boolean isTyped() {
        return types.length > 0;
    }

    /** Nothing of it can matter any more. */
    boolean isEmpty() {
        return floor == null
                && types.length == 0
                && scope.isEmpty()
                && instances.length == 0
                && subs.length == 0
                && standing.length == 0;
    }

    /** The entity as it stands. */
    EntityDocument document() {
        EntityDocument known = document;
        if (known == null) {
            known = EntityDocument.ofSorted(id, types, visible(), scope);
            document = known;
        }
        return known;
    }

    private Attribute[] visible() {
        int count = 0;
        for (Instance instance : instances) {
            count += instance.value() == null ? 0 : 1;
        }
        if (count == 0) {
            return Attribute.NONE;
        }
        Attribute[] visible = new Attribute[count];
        int at = 0;
        for (Instance instance : instances) {
            if (instance.value() != null) {
                visible[at++] = instance.attribute(id, subs);
            }
        }
        return visible;
    }

    /**
     * With another instance at the place that {@link Instances#find} told. What was found out of all instances before is not
     * found out again, for this is what happens to an entity most.
     */
    EntityState with(int found, Instance instance) {
        EntityState next = withInstances(Instances.with(instances, found, instance));
        next.earliestDeletion =
                earliestDeletion == UNKNOWN ? UNKNOWN : Math.min(earliestDeletion, instance.earliestDeletion());
        EntityDocument known = document;
        if (known != null && found >= 0 && known.attributes().length == instances.length && instance.value() != null) {
            Attribute[] attributes = known.attributes().clone(); // they have the places of their instances
            attributes[found] = instance.attribute(id, subs);
            next.document = known.withSame(attributes);
        }
        return next;
    }

    EntityState withInstances(Instance[] next) {
        return new EntityState(id, floor, types, typesOrder, scope, scopeOrder, next, subs, standing, judgedBy);
    }

    EntityState withSubs(Instance[] next) {
        return next == subs
                ? this
                : new EntityState(id, floor, types, typesOrder, scope, scopeOrder, instances, next, standing, judgedBy);
    }

    EntityState withTypes(String[] next, RecordOrder order) {
        return new EntityState(id, floor, next, order, scope, scopeOrder, instances, subs, standing, judgedBy);
    }

    EntityState withScope(List<String> next, RecordOrder order) {
        return new EntityState(id, floor, types, typesOrder, next, order, instances, subs, standing, judgedBy);
    }

    /** The document stays the same: what was found about it is no part of it. */
    EntityState judged(Standing[] found, long program) {
        if (found == standing && program == judgedBy) {
            return this;
        }
        EntityState next =
                new EntityState(id, floor, types, typesOrder, scope, scopeOrder, instances, subs, found, program);
        next.document = document;
        next.earliestDeletion = earliestDeletion;
        return next;
    }

    /** Everything that was recorded before the floor is gone. */
    EntityState withFloor(RecordOrder next) {
        if (floor != null && next.compareTo(floor) <= 0) {
            return this;
        }
        boolean typed = typesOrder != null && !Instance.isBelow(typesOrder, next);
        boolean scoped = scopeOrder != null && !Instance.isBelow(scopeOrder, next);
        return new EntityState(
                id,
                next,
                typed ? types : NO_TYPES,
                typed ? typesOrder : null,
                scoped ? scope : List.of(),
                scoped ? scopeOrder : null,
                Instances.changed(instances, instance -> instance.above(next)),
                Instances.changed(subs, sub -> sub.above(next)),
                standing,
                judgedBy);
    }

    /** Without deletions from before this time (Kafka's, in milliseconds). Asked for every record: mostly there are none. */
    EntityState expired(long before) {
        if (earliestDeletion == UNKNOWN) {
            earliestDeletion = Math.min(earliestDeletion(instances), earliestDeletion(subs));
        }
        if (earliestDeletion >= before && (floor == null || floor.timestamp() >= before)) {
            return this;
        }
        return new EntityState(
                id,
                floor != null && floor.timestamp() < before ? null : floor,
                types,
                typesOrder,
                scope,
                scopeOrder,
                Instances.changed(instances, instance -> instance.expired(before)),
                Instances.changed(subs, sub -> sub.expired(before)),
                standing,
                judgedBy);
    }

    private static long earliestDeletion(Instance[] instances) {
        long earliest = Long.MAX_VALUE;
        for (Instance instance : instances) {
            earliest = Math.min(earliest, instance.earliestDeletion());
        }
        return earliest;
    }

    /** The same, and without sub-attributes whose parent has not come for so long. */
    EntityState swept(long before) {
        EntityState left = expired(before);
        return left.subs.length == 0 ? left : left.withSubs(SubAttributes.expired(left, left.subs, before));
    }
}
