package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import java.util.List;
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

    private final String id;
    private final RecordOrder floor;
    private final String[] types;
    private final RecordOrder typesOrder;
    private final List<String> scope;
    private final RecordOrder scopeOrder;
    private final Instance[] instances;
    private final Orphan[] orphans;
    private final Standing[] standing;
    private final long judgedBy;
    private EntityDocument document;

    EntityState(
            String id,
            RecordOrder floor,
            String[] types,
            RecordOrder typesOrder,
            List<String> scope,
            RecordOrder scopeOrder,
            Instance[] instances,
            Orphan[] orphans,
            Standing[] standing,
            long judgedBy) {
        this.id = id;
        this.floor = floor;
        this.types = types;
        this.typesOrder = typesOrder;
        this.scope = scope;
        this.scopeOrder = scopeOrder;
        this.instances = instances;
        this.orphans = orphans;
        this.standing = standing;
        this.judgedBy = judgedBy;
    }

    static EntityState unknown(String id) {
        return new EntityState(
                id, null, NO_TYPES, null, List.of(), null, Instance.NONE, Orphan.NONE, Standing.NONE, UNJUDGED);
    }

    String id() {
        return id;
    }

    RecordOrder floor() {
        return floor;
    }

    /** Empty while the entity is untyped; not to be changed. */
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

    /** Sorted by name and datasetId; not to be changed. */
    Instance[] instances() {
        return instances;
    }

    Orphan[] orphans() {
        return orphans;
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
                && instances.length == 0
                && orphans.length == 0
                && standing.length == 0;
    }

    /** The entity as it stands. */
    EntityDocument document() {
        EntityDocument known = document;
        if (known == null) {
            known = EntityDocument.ofSorted(id, types, Instance.visible(instances, id), scope);
            document = known;
        }
        return known;
    }

    EntityState withInstances(Instance[] next) {
        return new EntityState(id, floor, types, typesOrder, scope, scopeOrder, next, orphans, standing, judgedBy);
    }

    EntityState withOrphans(Orphan[] next) {
        return new EntityState(id, floor, types, typesOrder, scope, scopeOrder, instances, next, standing, judgedBy);
    }

    EntityState withTypes(String[] next, RecordOrder order) {
        return new EntityState(id, floor, next, order, scope, scopeOrder, instances, orphans, standing, judgedBy);
    }

    EntityState withScope(List<String> next, RecordOrder order) {
        return new EntityState(id, floor, types, typesOrder, next, order, instances, orphans, standing, judgedBy);
    }

    /** The document stays the same: what was found about it is no part of it. */
    EntityState judged(Standing[] found, long program) {
        if (found == standing && program == judgedBy) {
            return this;
        }
        EntityState next =
                new EntityState(id, floor, types, typesOrder, scope, scopeOrder, instances, orphans, found, program);
        next.document = document;
        return next;
    }

    /** Everything that was recorded before the floor is gone. */
    EntityState withFloor(RecordOrder next) {
        if (Instance.isBelow(next, floor)) {
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
                Instance.above(instances, next),
                above(next),
                standing,
                judgedBy);
    }

    private Orphan[] above(RecordOrder next) {
        return orphans.length == 0
                ? orphans
                : Arrays.stream(orphans)
                        .filter(orphan -> !Instance.isBelow(orphan.order(), next))
                        .toArray(Orphan[]::new);
    }

    /** Without deletions from before this time (Kafka's, in milliseconds). */
    EntityState expired(long before) {
        RecordOrder left = floor != null && floor.timestamp() < before ? null : floor;
        Instance[] rest = Instance.expired(instances, before);
        return left == floor && rest == instances
                ? this
                : new EntityState(id, left, types, typesOrder, scope, scopeOrder, rest, orphans, standing, judgedBy);
    }
}
