package org.flinkjobrunner.validator.stream.entity;

/**
 * The cells that are kept decoded: a bounded number of those that were used last, by the second-chance rule. Used again
 * and again by one thread; the cells themselves may be read by others.
 */
final class HotCells {
    private final EntityCell[] cells;
    private int hand;

    HotCells(int size) {
        cells = new EntityCell[size];
    }

    /** The cell is used: it stays decoded for a while. */
    void touch(EntityCell cell) {
        if (cell.slot() < 0) {
            place(cell);
        }
        cell.used(true);
    }

    /** The new cell takes the place of the old one, which nobody will ask for again. */
    void replace(EntityCell old, EntityCell cell) {
        if (old == null || old.slot() < 0) {
            touch(cell);
            return;
        }
        cells[old.slot()] = cell;
        cell.slot(old.slot());
        cell.used(true);
        old.slot(-1);
    }

    void forget(EntityCell cell) {
        if (cell.slot() >= 0) {
            cells[cell.slot()] = null;
            cell.slot(-1);
        }
    }

    private void place(EntityCell cell) {
        while (cells[hand] != null && cells[hand].used()) {
            cells[hand].used(false);
            hand = (hand + 1) % cells.length;
        }
        if (cells[hand] != null) {
            cells[hand].cool();
        }
        cells[hand] = cell;
        cell.slot(hand);
        hand = (hand + 1) % cells.length;
    }
}
