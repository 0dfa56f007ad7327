package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Reads what a {@link Packer} wrote. Bytes that end too early end in an IndexOutOfBoundsException. */
final class Unpacker {
    private final byte[] bytes;
    private final Names names;
    private int at;
    private long timestamp;
    private byte[] name = {};

    Unpacker(byte[] bytes, Names names) {
        this.bytes = bytes;
        this.names = names;
    }

    int one() {
        return bytes[at++];
    }

    byte[] raw(int length) {
        int from = at;
        at += length;
        return Arrays.copyOfRange(bytes, from, at);
    }

    long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    int length() {
        return (int) number();
    }

    long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    long fixed() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        return value;
    }

    String text() {
        return text(false);
    }

    /** A text that many entities share. */
    String sharedText() {
        return text(true);
    }

    private String text(boolean shared) {
        int coded = length();
        int length = coded / Packer.TEXT_KINDS;
        return switch (coded % Packer.TEXT_KINDS) {
            case Packer.NULL -> null;
            case Packer.LATIN -> latin(length, shared);
            default -> utf16(length);
        };
    }

    private String latin(int length, boolean shared) {
        int from = at;
        at += length;
        return shared ? names.of(bytes, from, at) : new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private String utf16(int length) {
        char[] text = new char[length]; // not by a Charset: it would replace half of a surrogate pair
        for (int i = 0; i < length; i++) {
            text[i] = (char) (bytes[at++] << 8 | bytes[at++] & 0xFF);
        }
        return new String(text);
    }

    String name() {
        int shared = length() - 1;
        if (shared < 0) {
            name = new byte[0];
            return sharedText();
        }
        int more = length();
        byte[] next = Arrays.copyOf(name, shared + more);
        System.arraycopy(bytes, at, next, shared, more);
        at += more;
        name = next;
        return names.of(next, 0, next.length);
    }

    RecordOrder order() {
        long coded = number();
        if (coded == 0) {
            return null;
        }
        timestamp += signed();
        return new RecordOrder(timestamp, TopicCodes.of((int) coded & 3), (int) (coded >>> 2), number());
    }
}
