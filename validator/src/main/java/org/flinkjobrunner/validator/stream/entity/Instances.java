package org.flinkjobrunner.validator.stream.entity;

/** Sorted arrays of instances, each with another name and datasetId. */
final class Instances {
    private Instances() {}

    static int compare(String name, String datasetId, String otherName, String otherDatasetId) {
        // Names are mostly the same objects, and the same name is by far the most frequent question's answer.
        int order = name == otherName ? 0 : name.compareTo(otherName);
        return order != 0 ? order : datasetId == otherDatasetId ? 0 : datasetId.compareTo(otherDatasetId);
    }

    /** As of {@code Arrays.binarySearch}: negative where there is none. */
    static int find(Instance[] instances, String name, String datasetId) {
        int low = 0;
        int high = instances.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(instances[middle].name(), instances[middle].datasetId(), name, datasetId);
            if (order == 0) {
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
}
