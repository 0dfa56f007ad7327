package org.flinkjobrunner.validator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void quantilesAreThoseOfTheNearestRank() {
        Latencies latencies = new Latencies();
        for (long millis = 5000; millis >= 1; millis--) {
            latencies.add(millis * 1_000_000);
        }
        ObjectNode summary = latencies.summary();
        assertThat(summary.path("count").asInt()).isEqualTo(5000);
        assertThat(summary.path("p50").asDouble()).isEqualTo(2500);
        assertThat(summary.path("p95").asDouble()).isEqualTo(4750);
        assertThat(summary.path("p99").asDouble()).isEqualTo(4950);
        assertThat(summary.path("max").asDouble()).isEqualTo(5000);
    }

    @Test
    void nothingMeasuredIsNoFigure() {
        assertThat(new Latencies().summary().fieldNames()).toIterable().containsExactly("count");
    }
}
