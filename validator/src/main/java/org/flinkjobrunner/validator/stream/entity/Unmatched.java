package org.flinkjobrunner.validator.stream.entity;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts types and attributes of the stream that no shape mentions: names that silently never match are what users suffer
 * from most. Bounded, because anybody can send new names.
 */
final class Unmatched {
    private static final int MOST = 100;

    private final MetricGroup group;
    private final Counter others;
    private final Map<String, Counter> types = new HashMap<>();
    private final Map<String, Counter> attributes = new HashMap<>();

    Unmatched(MetricGroup group) {
        this.group = group;
        this.others = group.counter("unmatchedOthers");
    }

    void type(String iri) {
        count(types, "type", iri);
    }

    void attribute(String iri) {
        count(attributes, "attribute", iri);
    }

    private void count(Map<String, Counter> known, String what, String iri) {
        Counter counter = known.get(iri);
        if (counter == null) {
            if (known.size() >= MOST) {
                others.inc();
                return;
            }
            counter = group.addGroup(what, iri).counter("unmatched");
            known.put(iri, counter);
        }
        counter.inc();
    }
}
