package org.flinkjobrunner.validator.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** A growing list of nanoseconds and what is asked of it in the end. */
final class Latencies {
    private long[] nanos = new long[1024];
    private int size;

    synchronized void add(long value) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = value;
    }

    /** Milliseconds at the usual quantiles (nearest rank). */
    synchronized ObjectNode summary() {
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        ObjectNode summary = JsonNodeFactory.instance.objectNode().put("count", size);
        if (size > 0) {
            summary.put("p50", quantile(sorted, 0.50));
            summary.put("p95", quantile(sorted, 0.95));
            summary.put("p99", quantile(sorted, 0.99));
            summary.put("max", sorted[size - 1] / 1e6);
        }
        return summary;
    }

    private static double quantile(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(rank, 1) - 1] / 1e6;
    }
}
