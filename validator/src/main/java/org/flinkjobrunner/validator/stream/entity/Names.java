package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts that many entities share (names, types, datasetIds), made once: a table of fixed size, in which a new text may take
 * the place of another one. Each thread has its own.
 */
final class Names {
    private static final int SLOTS = 1 << 13;
    private static final int PROBES = 4;

    private static final ThreadLocal<Names> THREADS = ThreadLocal.withInitial(Names::new);

    private final byte[][] keys = new byte[SLOTS][];
    private final String[] texts = new String[SLOTS];

    private Names() {}

    static Names ofThread() {
        return THREADS.get();
    }

    /** @param latin Latin-1 between the two */
    String of(byte[] latin, int from, int to) {
        int first = hash(latin, from, to);
        for (int i = 0; i < PROBES; i++) {
            int slot = first + i & SLOTS - 1;
            byte[] key = keys[slot];
            if (key == null) {
                return put(slot, latin, from, to);
            }
            if (Arrays.equals(key, 0, key.length, latin, from, to)) {
                return texts[slot];
            }
        }
        return put(first & SLOTS - 1, latin, from, to);
    }

    private String put(int slot, byte[] latin, int from, int to) {
        keys[slot] = Arrays.copyOfRange(latin, from, to);
        texts[slot] = new String(latin, from, to - from, StandardCharsets.ISO_8859_1);
        return texts[slot];
    }

    private static int hash(byte[] latin, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + latin[i];
        }
        return hash ^ hash >>> 15;
    }
}
