package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * What is remembered of one entity: its writes and floors, and what the last judgement found. How records change it is in
 * {@link Changes}, which makes another one of it; only the {@link CellStore} lets it {@link #take} over what that has become.
 *
 * <p>An entity whose type no living record says is <em>untyped</em>: it cannot be judged, its writes are kept.
 */
final class EntityState {
    static final String[] NO_TYPES = {};
    /** No program has this key: everything is to be judged. */
    static final long UNJUDGED = 0;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final String id;
    private RecordOrder floor;
    private String[] types;
    private RecordOrder typesOrder;
    private List<String> scope;
    private RecordOrder scopeOrder;
    private Instance[] instances;
    private Instance[] subs;
    private Standing[] standing;
    private long judgedBy;
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

    /** The entity as it stands, with attributes that are made when they are asked for. */
    EntityDocument document() {
        return EntityDocument.ofSource(id, types, new VisibleAttributes(id, visible(), subs), scope);
    }

    private Instance[] visible() {
        if (earliestDeletion == Long.MAX_VALUE) {
            return instances;
        }
        int count = 0;
        for (Instance instance : instances) {
            count += instance.hasValue() ? 1 : 0;
        }
        if (count == instances.length) {
            return instances;
        }
        Instance[] visible = new Instance[count];
        int at = 0;
        for (Instance instance : instances) {
            if (instance.hasValue()) {
                visible[at++] = instance;
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

    EntityState judged(Standing[] found, long program) {
        if (found == standing && program == judgedBy) {
            return this;
        }
        EntityState next =
                new EntityState(id, floor, types, typesOrder, scope, scopeOrder, instances, subs, found, program);
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

    /** From now on the values of its attributes are only bytes. */
    void keep() {
        for (Instance instance : instances) {
            instance.keep();
        }
        for (Instance sub : subs) {
            sub.keep();
        }
    }

    /** With nothing in common that could change. */
    EntityState copy() {
        EntityState copy = new EntityState(
                id,
                floor,
                types,
                typesOrder,
                scope,
                scopeOrder,
                Instances.copy(instances),
                Instances.copy(subs),
                standing,
                judgedBy);
        copy.earliestDeletion = earliestDeletion;
        return copy;
    }

    /**
     * Becomes what has been made of it, if that has the same attributes.
     *
     * @return false when it has not, and this is as it was
     */
    boolean take(EntityState next) {
        if (next.subs != subs || !Instances.haveSamePlaces(instances, next.instances)) {
            return false;
        }
        for (int i = 0; i < instances.length; i++) {
            if (instances[i] != next.instances[i]) {
                instances[i].take(next.instances[i]);
            }
        }
        earliestDeletion = next.earliestDeletion;
        judgedBy = next.judgedBy;
        if (standing != next.standing) {
            standing = next.standing;
        }
        if (floor != next.floor) {
            floor = next.floor;
        }
        if (types != next.types || typesOrder != next.typesOrder) {
            types = next.types;
            typesOrder = next.typesOrder;
        }
        if (scope != next.scope || scopeOrder != next.scopeOrder) {
            scope = next.scope;
            scopeOrder = next.scopeOrder;
        }
        return true;
    }
}
