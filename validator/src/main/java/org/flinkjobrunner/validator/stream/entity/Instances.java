package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Arrays of instances, sorted by parent, name and datasetId, each with another of these. */
final class Instances {
    /** Where a name was found last, by a hash of it: entities of one type have the same attributes in the same places. */
    private static final byte[] PLACES = new byte[1 << 10];

    private Instances() {}

    static int compare(String name, String datasetId, String otherName, String otherDatasetId) {
        int order = compare(name, otherName);
        return order != 0 ? order : compare(datasetId, otherDatasetId);
    }

    /** Texts are mostly the same objects, and the same text is by far the most frequent answer. */
    private static int compare(String text, String other) {
        return text == other ? 0 : text.compareTo(other);
    }

    /** As of {@code Arrays.binarySearch}: negative where there is none. {@code parentId} is null for all or for none. */
    static int find(Instance[] instances, String parentId, String name, String datasetId) {
        int hash = name.hashCode() & PLACES.length - 1;
        int place = PLACES[hash]; // written by several threads: whatever it is, it is only a guess
        if (place < instances.length && parentId == null) {
            Instance guess = instances[place];
            if (guess.name() == name && guess.datasetId() == datasetId) {
                return place;
            }
        }
        int low = 0;
        int high = instances.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Instance instance = instances[middle];
            int order = compare(instance.parentId(), parentId);
            if (order == 0) {
                order = compare(instance.name(), instance.datasetId(), name, datasetId);
            }
            if (order == 0) {
                PLACES[hash] = (byte) Math.min(middle, Byte.MAX_VALUE);
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** Where the sub-attributes of this parent begin. */
    static int firstOf(Instance[] subs, String parentId) {
        int low = 0;
        int high = subs.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (subs[middle].parentId().compareTo(parentId) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** @return null when none has the id */
    static Instance named(Instance[] instances, String flatId, String entityId) {
        for (Instance instance : instances) {
            if (instance.isNamed(flatId, entityId)) {
                return instance;
            }
        }
        return null;
    }

    /** A copy with the instance at the place that {@link #find} told. */
    static Instance[] with(Instance[] instances, int found, Instance instance) {
        if (found >= 0) {
            Instance[] next = instances.clone();
            next[found] = instance;
            return next;
        }
        int at = -found - 1;
        Instance[] next = new Instance[instances.length + 1];
        System.arraycopy(instances, 0, next, 0, at);
        next[at] = instance;
        System.arraycopy(instances, at, next, at + 1, instances.length - at);
        return next;
    }

    /** A copy with one in the place of another. */
    static Instance[] replaced(Instance[] instances, Instance old, Instance next) {
        return changed(instances, instance -> instance == old ? next : instance);
    }

    /** Without those that have become empty; the same array when nothing changes. */
    static Instance[] changed(Instance[] instances, UnaryOperator<Instance> change) {
        Instance[] next = new Instance[instances.length];
        int kept = 0;
        boolean same = true;
        for (Instance instance : instances) {
            Instance left = change.apply(instance);
            same &= left == instance;
            if (!left.isEmpty()) {
                next[kept++] = left;
            }
        }
        return same && kept == next.length ? instances : kept == 0 ? Instance.NONE : Arrays.copyOf(next, kept);
    }

    /** With nothing in common that could change. */
    static Instance[] copy(Instance[] instances) {
        Instance[] copies = instances.length == 0 ? Instance.NONE : new Instance[instances.length];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = instances[i].copy();
        }
        return copies;
    }

    static boolean haveSamePlaces(Instance[] some, Instance[] others) {
        if (some == others) {
            return true;
        }
        if (some.length != others.length) {
            return false;
        }
        for (int i = 0; i < some.length; i++) {
            if (some[i] != others[i] && !some[i].isAtPlaceOf(others[i])) {
                return false;
            }
        }
        return true;
    }

    static Instance[] without(Instance[] instances, Predicate<Instance> which) {
        Instance[] next = new Instance[instances.length];
        int kept = 0;
        for (Instance instance : instances) {
            if (!which.test(instance)) {
                next[kept++] = instance;
            }
        }
        return kept == next.length ? instances : kept == 0 ? Instance.NONE : Arrays.copyOf(next, kept);
    }
}
