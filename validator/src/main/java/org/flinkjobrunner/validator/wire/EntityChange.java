package org.flinkjobrunner.validator.wire;

import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;

/**
 * What a record says of one entity, decoded. Event times are nanoseconds since 1970 (of {@code observedAt}, else of
 * Kafka's timestamp). Numbers in attributes are always literals of {@code Numbers.DECLARED}, which keep their JSON form:
 * what they mean is the running program's setting, not the state's.
 */
public sealed interface EntityChange {
    String entityId();

    /** A document of family A; {@code types} may be empty (a fragment), the operation is never {@code DELETE}. */
    record Document(
            String entityId,
            Operation operation,
            List<String> types,
            List<String> scope,
            List<AttributeWrite> attributes)
            implements EntityChange {}

    /** The entity is gone: a floor in record order, whatever the family. */
    record EntityDelete(String entityId) implements EntityChange {}

    /** An entity record of family B: the entity exists and has this type. It is no floor. */
    record EntityType(String entityId, String type) implements EntityChange {}

    /**
     * An attribute record of family B. {@code id} is opaque; {@code parentId} is the id of the attribute that this one is
     * a sub-attribute of, or null. A tombstone says nothing but the id: the name in its key is empty then.
     */
    record FlatAttribute(String entityId, String id, String parentId, AttributeWrite write) implements EntityChange {}

    /**
     * A write of one attribute instance (with its sub-attributes, where they come inside it). {@code attribute} is null
     * when the instance is deleted. A delete that is not {@code timed} is a floor for the instance in record order; a timed
     * one is a write of null at its event time.
     */
    record AttributeWrite(AttributeKey key, Attribute attribute, long eventTime, boolean timed) {}
}
