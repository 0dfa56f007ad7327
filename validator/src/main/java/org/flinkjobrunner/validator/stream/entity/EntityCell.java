package org.flinkjobrunner.validator.stream.entity;

/**
 * An entity's state as the state backend holds it: decoded while it is hot, else as bytes, which take a fifth of the
 * memory. What it says never changes, so a snapshot may write it while the operator goes on; only its form does.
 */
public final class EntityCell {
    /** Written before {@code state} is given up, so that a snapshot always finds one of them. */
    private volatile byte[] bytes;

    private volatile EntityState state;
    /** Its place among the hot ones, or -1. */
    private int slot = -1;

    private boolean used;

    EntityCell(EntityState state) {
        this.state = state;
    }

    EntityCell(byte[] bytes) {
        this.bytes = bytes;
    }

    EntityState state() {
        EntityState known = state;
        if (known == null) {
            known = EntityStateCodec.decode(bytes);
            state = known;
        }
        return known;
    }

    byte[] bytes() {
        EntityState known = state;
        byte[] written = bytes;
        return written != null ? written : EntityStateCodec.encode(known);
    }

    /** From now on only bytes. */
    void cool() {
        bytes = bytes();
        state = null;
        slot = -1;
    }

    int slot() {
        return slot;
    }

    void slot(int next) {
        slot = next;
    }

    boolean used() {
        return used;
    }

    void used(boolean next) {
        used = next;
    }
}
