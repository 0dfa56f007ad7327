package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;

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

    void between(EntityState before, EntityState after) {
        if (!Arrays.equals(before.types(), after.types()) || !before.scope().equals(after.scope())) {
            everything = true;
        } else if (before.subs().length + after.subs().length == 0) {
            between(before.instances(), after.instances());
        } else {
            between(before.document().attributes(), after.document().attributes());
        }
    }

    private void between(Instance[] some, Instance[] others) {
        int i = 0;
        int j = 0;
        while (!everything && (i < some.length || j < others.length)) {
            int order = i == some.length ? 1 : j == others.length ? -1 : compare(some[i], others[j]);
            Instance one = order > 0 ? null : some[i++];
            Instance other = order < 0 ? null : others[j++];
            if (one == null ? other.hasValue() : other == null ? one.hasValue() : !other.hasValueOf(one)) {
                attribute((one == null ? other : one).name());
            }
        }
    }

    private static int compare(Instance one, Instance other) {
        return Instances.compare(one.name(), one.datasetId(), other.name(), other.datasetId());
    }

    private void between(Attribute[] some, Attribute[] others) {
        int i = 0;
        int j = 0;
        while (!everything && (i < some.length || j < others.length)) {
            int order = i == some.length ? 1 : j == others.length ? -1 : compare(some[i], others[j]);
            Attribute one = order > 0 ? null : some[i++];
            Attribute other = order < 0 ? null : others[j++];
            if (!Contents.same(one, other)) {
                attribute((one == null ? other : one).name());
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
