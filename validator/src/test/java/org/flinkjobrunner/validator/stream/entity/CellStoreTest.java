package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.state.ValueState;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.flinkjobrunner.validator.wire.RecordRefused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellStoreTest {
    private static final int ENTITIES = 12;
    private static final int ATTRIBUTES = 4;

    /** Gives back the very cells that it was given, as the backend on the heap does. */
    private static final class Cells implements ValueState<EntityCell> {
        private final Map<String, EntityCell> cells = new HashMap<>();
        private String key;

        @Override
        public EntityCell value() {
            return cells.get(key);
        }

        @Override
        public void update(EntityCell cell) {
            cells.put(key, cell);
        }

        @Override
        public void clear() {
            cells.remove(key);
        }
    }

    /** A snapshot is written while records go on: whatever happens then, it holds what stood when it began. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100})
    void aSnapshotHoldsWhatStoodWhenItBegan(int hot) throws IOException, RecordRefused {
        Random random = new Random(hot);
        Cells cells = new Cells();
        CellStore store = new CellStore(cells, hot);
        Map<String, String> model = new HashMap<>();
        Map<String, EntityCell> snapshot = Map.of();
        Map<String, String> then = Map.of();
        for (int i = 0; i < 6_000; i++) {
            if (i % 500 == 499) {
                assertHolds(snapshot, then);
                snapshot = new HashMap<>(cells.cells);
                then = new HashMap<>(model);
                store.snapshot();
            }
            String id = "urn:" + random.nextInt(ENTITIES);
            cells.key = id;
            EntityState before = random.nextInt(5) == 0 ? store.glance() : store.get();
            assertThat(before == null ? null : NaiveEntity.text(before.document()))
                    .isEqualTo(model.get(id));
            EntityState known = before == null ? EntityState.unknown(id) : before;
            EntityState after = Changes.apply(known, change(id, random), order(i), new Delta());
            store.put(after);
            if (after.isEmpty()) {
                model.remove(id);
            } else {
                model.put(id, NaiveEntity.text(after.document()));
            }
        }
        assertHolds(snapshot, then);
        assertHolds(cells.cells, model);
    }

    private static void assertHolds(Map<String, EntityCell> cells, Map<String, String> expected) {
        assertThat(cells.keySet()).isEqualTo(expected.keySet());
        cells.forEach((id, cell) -> assertThat(
                        NaiveEntity.text(EntityStateCodec.decode(cell.bytes()).document()))
                .as(id)
                .isEqualTo(expected.get(id)));
    }

    private static EntityChange change(String id, Random random) {
        AttributeKey key = new AttributeKey("https://x/" + random.nextInt(ATTRIBUTES), "@none");
        boolean deleted = random.nextInt(8) == 0;
        String number = Integer.toString(random.nextInt(random.nextBoolean() ? 10 : 1_000_000));
        Attribute attribute = new Attribute(
                id,
                key.name(),
                key.datasetId(),
                Kind.PROPERTY,
                List.of(Numbers.DECLARED.literal(number)),
                Metadata.NONE);
        long eventTime = 1_000 + random.nextInt(20);
        return new EntityChange.FlatAttribute(
                id,
                FlatIds.of(id, key.name(), key.datasetId()),
                null,
                new EntityChange.AttributeWrite(key, deleted ? null : attribute, eventTime, true));
    }

    private static RecordOrder order(int number) {
        return new RecordOrder(1_000, InputTopic.IFF_ATTRIBUTES, 0, number);
    }
}
