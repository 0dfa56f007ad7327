package org.flinkjobrunner.validator.stream.io;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Texts and byte arrays, each of which may be null, behind a length of one to five bytes.
 *
 * <p>Most texts here are ASCII, and those are copied as they lie in the string's memory. The others go as UTF-16, because
 * half of a surrogate pair, which JSON can hold, would not come back from UTF-8.
 */
public final class Bytes {
    private static final int CONTINUES = 0x80;
    private static final int LATIN = 0;
    private static final int UTF_16 = 1;

    private Bytes() {}

    public static void writeText(String text, DataOutput out) throws IOException {
        if (text == null) {
            writeLength(0, out);
        } else if (isLatin(text)) {
            writeLength((text.length() + 1) << 1 | LATIN, out);
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } else {
            writeLength((text.length() + 1) << 1 | UTF_16, out);
            out.writeChars(text);
        }
    }

    public static String readText(DataInput in) throws IOException {
        int coded = readLength(in);
        if (coded == 0) {
            return null;
        }
        int length = (coded >>> 1) - 1;
        if ((coded & 1) == LATIN) {
            return new String(readFully(length, in), StandardCharsets.ISO_8859_1);
        }
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = in.readChar();
        }
        return new String(text);
    }

    public static void write(byte[] bytes, DataOutput out) throws IOException {
        if (bytes == null) {
            writeLength(0, out);
        } else {
            writeLength(bytes.length + 1, out);
            out.write(bytes);
        }
    }

    public static byte[] read(DataInput in) throws IOException {
        int coded = readLength(in);
        return coded == 0 ? null : readFully(coded - 1, in);
    }

    public static void writeLength(int length, DataOutput out) throws IOException {
        int rest = length;
        while ((rest & ~(CONTINUES - 1)) != 0) {
            out.writeByte(rest & (CONTINUES - 1) | CONTINUES);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    public static int readLength(DataInput in) throws IOException {
        int length = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            int next = in.readByte();
            length |= (next & (CONTINUES - 1)) << shift;
            if ((next & CONTINUES) == 0) {
                return length;
            }
        }
        throw new EOFException("no length has more than five bytes");
    }

    private static byte[] readFully(int length, DataInput in) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }
}
