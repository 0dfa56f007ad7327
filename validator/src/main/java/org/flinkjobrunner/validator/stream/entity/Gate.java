package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.stream.PartitionEnd;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;

/**
 * The gate of the initial load: closed until everything has arrived that the input topics held when the job was started.
 */
final class Gate {
    private static final String OPEN = "open";

    private final Set<String> awaited = new HashSet<>();
    private final Set<String> passed = new HashSet<>();
    private boolean open;

    Gate(List<PartitionEnd> ends) {
        for (PartitionEnd end : ends) {
            awaited.add(name(end.topic(), end.partition()));
        }
        open = awaited.isEmpty();
    }

    private static String name(InputTopic topic, int partition) {
        return topic.name() + '/' + partition;
    }

    boolean isOpen() {
        return open;
    }

    /** @return whether this marker was the last one that was awaited */
    boolean pass(InputRecord marker) {
        if (open) {
            return false;
        }
        passed.add(name(marker.topic(), marker.partition()));
        open = passed.containsAll(awaited);
        return open;
    }

    /** What an instance notes in a checkpoint. */
    String note() {
        return open ? OPEN : String.join(" ", passed);
    }

    /** What was passed by all instances of then, for an instance of now has keys of any of them. */
    void restore(Iterable<String> notes) {
        Set<String> common = null;
        boolean all = true;
        for (String note : notes) {
            if (!note.equals(OPEN)) {
                all = false;
                List<String> one = new ArrayList<>(List.of(note.split(" ")));
                if (common == null) {
                    common = new HashSet<>(one);
                } else {
                    common.retainAll(one);
                }
            }
        }
        if (all) {
            open = true;
        } else {
            passed.addAll(common);
            open |= passed.containsAll(awaited);
        }
    }
}
