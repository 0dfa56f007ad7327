package org.flinkjobrunner.validator.stream.entity;

import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeSource;

/**
 * The attributes of an entity's document, of which a judgement mostly asks for one.
 *
 * @param instances those that have a value
 */
record VisibleAttributes(String entityId, Instance[] instances, Instance[] subs) implements AttributeSource {
    @Override
    public int size() {
        return instances.length;
    }

    @Override
    public String name(int place) {
        return instances[place].name();
    }

    @Override
    public Attribute attribute(int place) {
        return instances[place].attribute(entityId, subs);
    }
}
