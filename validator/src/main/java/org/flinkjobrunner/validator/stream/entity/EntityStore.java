package org.flinkjobrunner.validator.stream.entity;

import java.io.IOException;

/**
 * The states of entities, each under the key that is current. The one place that knows how the state backend holds them, so
 * that one on disk can get another form.
 */
interface EntityStore {
    /** @return null when nothing is known of the entity */
    EntityState get() throws IOException;

    /** The same for one that is most likely not asked for again soon. */
    EntityState glance() throws IOException;

    /** One begins: what is there now may be written while the operator goes on. */
    void snapshot();

    /** Of the key for which was asked last. A state that is empty is forgotten. */
    void put(EntityState state) throws IOException;
}
