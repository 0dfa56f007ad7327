package org.flinkjobrunner.validator.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The texts that come again in every record, made once: a table of fixed size, in which a new text may take the place of
 * another one. For one thread.
 */
final class Interner {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SLOTS = 1 << 13;
    private static final int PROBES = 4;

    private final byte[][] keys = new byte[SLOTS][];
    private final String[] texts = new String[SLOTS];

    /** @param json ASCII between the two */
    String of(byte[] json, int from, int to) {
        int first = hash(json, from, to) & (SLOTS - 1);
        int slot = first;
        for (int i = 0; i < PROBES; i++) {
            byte[] key = keys[slot];
            if (key == null) {
                return put(slot, json, from, to);
            }
            if (Arrays.equals(key, 0, key.length, json, from, to)) {
                return texts[slot];
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return put(first, json, from, to);
    }

    private String put(int slot, byte[] json, int from, int to) {
        keys[slot] = Arrays.copyOfRange(json, from, to);
        texts[slot] = new String(json, from, to - from, StandardCharsets.ISO_8859_1);
        return texts[slot];
    }

    private static int hash(byte[] json, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(json, at)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        for (; at < to; at++) {
            hash = (hash ^ json[at]) * 0x9E3779B97F4A7C15L;
        }
        return (int) (hash >>> 32);
    }
}
