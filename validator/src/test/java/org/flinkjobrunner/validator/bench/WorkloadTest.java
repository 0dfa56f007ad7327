package org.flinkjobrunner.validator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.flinkjobrunner.validator.bench.Workload.Effect;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theSameSeedGivesTheSameBytes() {
        Workload one = new Workload(50, 7);
        Workload other = new Workload(50, 7);
        for (int i = 0; i < 1000; i++) {
            Workload.Update update = one.next(100);
            Workload.Update twin = other.next(100);
            assertThat(update.value()).isEqualTo(twin.value());
            assertThat(update.effect()).isEqualTo(twin.effect());
        }
    }

    @Test
    void oneUpdateInAHundredRaisesOrClears() {
        Workload workload = new Workload(1000, 1);
        Map<Effect, Integer> counts = new EnumMap<>(Effect.class);
        for (int i = 0; i < 100_000; i++) {
            counts.merge(workload.next(10_000).effect(), 1, Integer::sum);
        }
        assertThat(counts.get(Effect.RAISE)).isBetween(400, 600);
        assertThat(counts.get(Effect.CLEAR)).isBetween(350, 600);
    }

    @Test
    void valuesSayWhatTheirEffectIs() throws Exception {
        Workload workload = new Workload(20, 3);
        Map<String, Boolean> violating = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Workload.Update update = workload.next(50);
            JsonNode record = JSON.readTree(update.value());
            assertThat(record.path("entityId").asText()).isEqualTo(new String(update.key(), StandardCharsets.UTF_8));
            boolean now = record.path("attributeValue").asDouble() > 90;
            boolean before = Boolean.TRUE.equals(violating.put(record.path("id").asText(), now));
            Effect expected = now == before ? Effect.NONE : now ? Effect.RAISE : Effect.CLEAR;
            assertThat(update.effect()).isEqualTo(expected);
        }
        assertThat(violating).hasSize(20 * Workload.ATTRIBUTES).containsValue(false);
    }

    @Test
    void recordsHaveTheSizeOfThoseOfAPlant() {
        assertThat(new Workload(10, 1).next(1).value()).hasSizeBetween(310, 340);
    }
}
