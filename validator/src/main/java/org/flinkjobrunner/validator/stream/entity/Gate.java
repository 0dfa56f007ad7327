package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.stream.PartitionEnd;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;

/**
 * The gate of the initial load: closed until everything has arrived that the input topics held when the job was started.
 */
final class Gate {
    private static final String OPEN = "open";
    private static final String SEPARATOR = " ";

    /** The ends, by partition. An end is more than its partition: another start may find it farther. */
    private final Map<String, String> awaited = new HashMap<>();

    private final Set<String> passed = new HashSet<>();
    private boolean open;

    Gate(List<PartitionEnd> ends) {
        for (PartitionEnd end : ends) {
            String partition = partition(end.topic(), end.partition());
            awaited.put(partition, partition + '/' + end.lastOffset());
        }
        open = awaited.isEmpty();
    }

    private static String partition(InputTopic topic, int partition) {
        return topic.name() + '/' + partition;
    }

    boolean isOpen() {
        return open;
    }

    /** @return whether this marker was the last one that was awaited */
    boolean pass(InputRecord marker) {
        String end = awaited.get(partition(marker.topic(), marker.partition()));
        if (open || end == null) {
            return false;
        }
        passed.add(end);
        open = passed.containsAll(awaited.values());
        return open;
    }

    /** What an instance notes in a checkpoint. */
    String note() {
        return open ? OPEN : String.join(SEPARATOR, passed);
    }

    /**
     * What was passed by all instances of then: an instance of now has keys of any of them. A partition whose end was
     * passed stays passed, though a job that was submitted again finds its end farther: what lies between may have been
     * read before the checkpoint, and then no marker comes any more.
     */
    void restore(Iterable<String> notes) {
        Set<String> common = null;
        for (String note : notes) {
            if (!note.equals(OPEN)) {
                List<String> one = Arrays.asList(note.split(SEPARATOR));
                if (common == null) {
                    common = new HashSet<>(one);
                } else {
                    common.retainAll(one);
                }
            }
        }
        if (common == null) {
            open = true;
        } else {
            for (String end : common) {
                passed.add(awaited.getOrDefault(end.substring(0, Math.max(0, end.lastIndexOf('/'))), end));
            }
            open = passed.containsAll(awaited.values());
        }
    }
}
