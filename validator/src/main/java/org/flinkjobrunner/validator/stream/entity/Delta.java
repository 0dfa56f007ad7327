package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.EntityDocument;

/** What a record changed of what can be seen of its entity; used again for each record. */
final class Delta {
    /** Where more has changed, finding out which shapes that concerns costs more than to evaluate all. */
    private static final int MOST = 8;

    private final List<String> attributes = new ArrayList<>(MOST);
    private boolean everything;
    private boolean ignored;

    void clear() {
        attributes.clear();
        everything = false;
        ignored = false;
    }

    void attribute(String name) {
        for (int i = 0; i < attributes.size(); i++) {
            if (attributes.get(i).equals(name)) {
                return;
            }
        }
        if (attributes.size() < MOST) {
            attributes.add(name);
        } else {
            everything = true;
        }
    }

    void everything() {
        everything = true;
    }

    /** The record did not apply. */
    void ignore() {
        ignored = true;
    }

    void between(EntityDocument before, EntityDocument after) {
        if (!Arrays.equals(before.types(), after.types()) || !before.scope().equals(after.scope())) {
            everything = true;
            return;
        }
        Attribute[] some = before.attributes();
        Attribute[] others = after.attributes();
        int i = 0;
        int j = 0;
        while (!everything && (i < some.length || j < others.length)) {
            int order = i == some.length ? 1 : j == others.length ? -1 : compare(some[i], others[j]);
            if (order < 0) {
                attribute(some[i++].name());
            } else if (order > 0) {
                attribute(others[j++].name());
            } else if (Contents.same(some[i++], others[j++])) {
                continue;
            } else {
                attribute(others[j - 1].name());
            }
        }
    }

    private static int compare(Attribute one, Attribute other) {
        return Instances.compare(one.name(), one.datasetId(), other.name(), other.datasetId());
    }

    boolean isNothing() {
        return !everything && attributes.isEmpty();
    }

    boolean isEverything() {
        return everything;
    }

    boolean isIgnored() {
        return ignored;
    }

    /** The names of the entity's attributes that changed, sub-attributes included; unless it is everything. */
    List<String> attributes() {
        return attributes;
    }
}
