package org.flinkjobrunner.validator.stream.entity;

import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/** One cell for each entity. Where the backend keeps cells in memory, those that are used stay decoded. */
final class CellStore implements EntityStore {
    static final String STATE = "entity";

    /** Decoded entities per instance; a few kilobytes each. */
    private static final int HOT = 20_000;

    private final ValueState<EntityCell> cells;
    private final HotCells hot;
    /** Which snapshot comes next: cells that were made since the one before are in none, and may change. */
    private int snapshot;
    /** What was found last. */
    private EntityCell current;

    /** @param inMemory whether the backend gives back the very cells that it was given */
    CellStore(ValueState<EntityCell> cells, boolean inMemory) {
        this(cells, inMemory ? HOT : 0);
    }

    CellStore(ValueState<EntityCell> cells, int hot) {
        this.cells = cells;
        this.hot = hot == 0 ? null : new HotCells(hot);
    }

    static ValueStateDescriptor<EntityCell> descriptor() {
        return new ValueStateDescriptor<>(STATE, EntityCellSerializer.INSTANCE);
    }

    @Override
    public EntityState get() throws IOException {
        EntityState state = glance();
        if (state != null && hot != null) {
            hot.touch(current, state);
        }
        return state;
    }

    @Override
    public EntityState glance() throws IOException {
        current = cells.value();
        return current == null ? null : current.state();
    }

    @Override
    public void snapshot() {
        snapshot++;
    }

    @Override
    public void put(EntityState state) throws IOException {
        EntityCell old = current;
        if (state.isEmpty()) {
            if (old != null && hot != null) {
                hot.forget(old);
            }
            current = null;
            cells.clear();
            return;
        }
        boolean shares = old != null && old.slot() != EntityCell.COLD; // else it was decoded for us alone
        if (shares && old.firstSnapshot() == snapshot) {
            old.change(state);
            return;
        }
        EntityState own = shares ? state.copy() : state;
        own.keep();
        EntityCell cell = new EntityCell(own, snapshot);
        if (hot == null || old != null && old.slot() == EntityCell.COLD) {
            cell.cool(); // it was only glanced at
        } else {
            hot.replace(old, cell, own);
        }
        current = cell;
        cells.update(cell);
    }
}
