package org.flinkjobrunner.validator.stream.entity;

/**
 * The cells that are kept decoded: a bounded number of those that were used last, by the second-chance rule. Used by one
 * thread; the cells themselves may be read by others.
 */
final class HotCells {
    private final EntityCell[] cells;
    private final boolean[] used;
    private int hand;

    HotCells(int size) {
        cells = new EntityCell[size];
        used = new boolean[size];
    }

    /** The cell is used: it stays decoded for a while. */
    void touch(EntityCell cell, EntityState state) {
        if (cell.slot() == EntityCell.COLD) {
            cell.heat(state, place()); // used once is not yet used again
            cells[cell.slot()] = cell;
        } else {
            used[cell.slot()] = true;
        }
    }

    /** The new cell takes the place of the old one, which may be null. */
    void replace(EntityCell old, EntityCell cell, EntityState state) {
        if (old == null || old.slot() == EntityCell.COLD) {
            touch(cell, state);
            return;
        }
        cell.heat(state, old.slot());
        cells[old.slot()] = cell;
        used[old.slot()] = true;
        old.leave();
    }

    void forget(EntityCell cell) {
        if (cell.slot() != EntityCell.COLD) {
            cells[cell.slot()] = null;
            cell.leave();
        }
    }

    /** Makes a place free. */
    private int place() {
        while (cells[hand] != null && used[hand]) {
            used[hand] = false;
            hand = next(hand);
        }
        int free = hand;
        if (cells[free] != null) {
            cells[free].cool();
            cells[free] = null;
        }
        used[free] = false;
        hand = next(hand);
        return free;
    }

    private int next(int at) {
        return at + 1 == cells.length ? 0 : at + 1;
    }
}
