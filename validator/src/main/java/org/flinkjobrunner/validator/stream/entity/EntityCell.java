package org.flinkjobrunner.validator.stream.entity;

/**
 * An entity's state as the state backend holds it: decoded while it is hot, else as bytes, which take a fifth of the
 * memory. Once a snapshot may hold it, what it says does not change any more, for it is written while the operator goes on;
 * only its form does.
 */
public final class EntityCell {
    static final int COLD = -1;

    /** Written before {@code state} is given up, so that a snapshot always finds one of them. */
    private volatile byte[] bytes;

    private volatile EntityState state;
    /** Its place among the hot ones; of the operator's thread. */
    private int slot = COLD;

    private final int firstSnapshot;

    /**
     * @param state         its own: nothing else changes it
     * @param firstSnapshot the number of the first one that holds it
     */
    EntityCell(EntityState state, int firstSnapshot) {
        this.state = state;
        this.firstSnapshot = firstSnapshot;
    }

    EntityCell(byte[] bytes) {
        this.bytes = bytes;
        this.firstSnapshot = Integer.MIN_VALUE;
    }

    int firstSnapshot() {
        return firstSnapshot;
    }

    /** Before the first snapshot that holds it; {@code next} is what has been made of its state. */
    void change(EntityState next) {
        if (!state.take(next)) {
            next.keep();
            state = next;
        }
        if (bytes != null) {
            bytes = null;
        }
    }

    /** Decoded, if need be; it stays as it is. */
    EntityState state() {
        EntityState known = state;
        return known == null ? EntityStateCodec.decode(bytes) : known;
    }

    byte[] bytes() {
        EntityState known = state;
        byte[] written = bytes;
        return written != null ? written : EntityStateCodec.encode(known);
    }

    /** From now on decoded. */
    void heat(EntityState known, int place) {
        state = known;
        slot = place;
    }

    /** From now on only bytes. */
    void cool() {
        bytes = bytes();
        state = null;
        slot = COLD;
    }

    int slot() {
        return slot;
    }

    /** Nobody will ask for it again, but for a snapshot that is under way. */
    void leave() {
        slot = COLD;
    }
}
