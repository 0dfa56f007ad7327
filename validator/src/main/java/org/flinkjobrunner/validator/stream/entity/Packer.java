package org.flinkjobrunner.validator.stream.entity;

import java.util.Arrays;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Writes the bytes of an entity's state: small numbers and what was written just before take few of them. */
final class Packer {
    static final int NULL = 0;
    static final int LATIN = 1;
    static final int UTF_16 = 2;
    static final int TEXT_KINDS = 3;
    private static final int USUAL_BYTES = 1024;
    private static final int CONTINUES = 0x80;

    private byte[] bytes = new byte[USUAL_BYTES];
    private int size;
    private long timestamp;
    private String name = "";

    void clear() {
        size = 0;
        timestamp = 0;
        name = "";
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    void one(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void raw(byte[] from, int length) {
        room(length);
        System.arraycopy(from, 0, bytes, size, length);
        size += length;
    }

    /** Seven bits a byte: for what is mostly small and never negative. */
    void number(long value) {
        room(10);
        long rest = value;
        while ((rest & -CONTINUES) != 0) {
            bytes[size++] = (byte) (rest | CONTINUES);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** For what is mostly near zero. */
    void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    void fixed(long value) {
        room(Long.BYTES);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** May be null. Characters beyond Latin-1 go as UTF-16, which can hold half of a surrogate pair, as JSON can. */
    void text(String text) {
        if (text == null) {
            number(NULL);
            return;
        }
        int before = size;
        number((long) text.length() * TEXT_KINDS + LATIN);
        if (!latin(text, 0)) {
            size = before;
            number((long) text.length() * TEXT_KINDS + UTF_16);
            for (int i = 0; i < text.length(); i++) {
                one(text.charAt(i) >>> 8);
                one(text.charAt(i));
            }
        }
    }

    /** @return false when not all characters are Latin-1; then nothing is written */
    private boolean latin(String text, int from) {
        int length = text.length();
        room(length - from);
        byte[] into = bytes;
        int at = size;
        for (int i = from; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0xFF) {
                return false;
            }
            into[at++] = (byte) c;
        }
        size = at;
        return true;
    }

    /** A text that begins as the last one did: names stand in order, and share their namespaces. */
    void name(String next) {
        if (!isLatin(next)) {
            number(0);
            text(next);
            name = "";
            return;
        }
        int most = Math.min(next.length(), name.length());
        int shared = 0;
        while (shared < most && next.charAt(shared) == name.charAt(shared)) {
            shared++;
        }
        number(shared + 1L);
        number(next.length() - shared);
        latin(next, shared);
        name = next;
    }

    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    /** May be null. */
    void order(RecordOrder order) {
        if (order == null) {
            number(0);
            return;
        }
        number((long) order.partition() << 2 | TopicCodes.code(order.topic()));
        signed(order.timestamp() - timestamp);
        number(order.offset());
        timestamp = order.timestamp();
    }

    private void room(int wanted) {
        if (bytes.length - size < wanted) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + wanted));
        }
    }
}
