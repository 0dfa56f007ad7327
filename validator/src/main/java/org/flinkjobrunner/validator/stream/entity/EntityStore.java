package org.flinkjobrunner.validator.stream.entity;

import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * The states of entities, each under the key that is current. The one place that knows how the state backend holds them, so
 * that one on disk can get another form.
 */
final class EntityStore {
    /** The name of the state. */
    static final String NAME = "entity";

    /** Decoded entities per instance; a few kilobytes each. */
    private static final int HOT = 16_384;

    private final ValueState<EntityCell> cells;
    /** Null where the backend gives another cell each time. */
    private final HotCells hot;

    /** @param inMemory whether the backend gives back the very cells that it was given */
    EntityStore(ValueState<EntityCell> cells, boolean inMemory) {
        this.cells = cells;
        this.hot = inMemory ? new HotCells(HOT) : null;
    }

    static ValueStateDescriptor<EntityCell> descriptor() {
        return new ValueStateDescriptor<>(NAME, EntityCellSerializer.INSTANCE);
    }

    /** @return null when nothing is known of the entity */
    EntityState get() throws IOException {
        EntityCell cell = cells.value();
        if (cell == null) {
            return null;
        }
        EntityState state = cell.state();
        if (hot != null) {
            hot.touch(cell);
        }
        return state;
    }

    void put(EntityState state) throws IOException {
        EntityCell old = hot == null ? null : cells.value();
        if (state.isEmpty()) {
            if (old != null) {
                hot.forget(old);
            }
            cells.clear();
            return;
        }
        EntityCell cell = new EntityCell(state);
        if (hot != null) {
            hot.replace(old, cell);
        }
        cells.update(cell);
    }
}
