package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.List;

/** What a record changed of what can be seen of its entity; used again for each record. */
final class Delta {
    private final List<String> attributes = new ArrayList<>();
    private boolean everything;
    private boolean types;
    private boolean ignored;

    void clear() {
        attributes.clear();
        everything = false;
        types = false;
        ignored = false;
    }

    void attribute(String name) {
        for (int i = 0; i < attributes.size(); i++) {
            if (attributes.get(i).equals(name)) {
                return;
            }
        }
        attributes.add(name);
    }

    void everything() {
        everything = true;
    }

    void types() {
        types = true;
    }

    /** The record did not apply. */
    void ignore() {
        ignored = true;
    }

    boolean isNothing() {
        return !everything && !types && attributes.isEmpty();
    }

    boolean isEverything() {
        return everything || types;
    }

    boolean isIgnored() {
        return ignored;
    }

    /** The names of the entity's attributes that changed, sub-attributes included. */
    List<String> attributes() {
        return attributes;
    }
}
