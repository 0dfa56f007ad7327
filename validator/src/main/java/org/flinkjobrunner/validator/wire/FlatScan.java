package org.flinkjobrunner.validator.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what nearly all records of family B look like in one pass: a flat object of known members, in ASCII. Whatever else
 * it meets, it gives up, and the record is read in full by {@link Json}, which also knows what is wrong. For one thread.
 */
final class FlatScan {
    private static final int ID = 0;
    private static final int PARENT_ID = 1;
    private static final int ENTITY_ID = 2;
    private static final int NAME = 3;
    private static final int NODE_TYPE = 4;
    private static final int VALUE_TYPE = 5;
    private static final int TYPE = 6;
    private static final int DATASET_ID = 7;
    private static final int UNIT_CODE = 8;
    private static final int LANG = 9;
    private static final int OBSERVED_AT = 10;
    private static final int ATTRIBUTE_VALUE = 11;
    private static final int DELETED = 12;
    private static final int SYNCED = 13;
    private static final byte[][] NAMES = {
        ascii("id"),
        ascii("parentId"),
        ascii("entityId"),
        ascii("name"),
        ascii("nodeType"),
        ascii("valueType"),
        ascii("type"),
        ascii("datasetId"),
        ascii("unitCode"),
        ascii("lang"),
        ascii("observedAt"),
        ascii("attributeValue"),
        ascii("deleted"),
        ascii("synced")
    };
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES * 0x80;
    private static final long SPACES = ONES * ' ';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private final Interner interner = new Interner();
    private byte[] json;
    private int at;
    /** Whether the last string has backslashes in it. */
    private boolean escaped;

    /**
     * @param entityId what the entity's id probably is
     * @return whether the record was read; if not, it may be read in part
     */
    boolean read(byte[] record, String entityId, FlatRecord into) {
        json = record;
        at = 0;
        if (next() != '{') {
            return false;
        }
        int seen = 0;
        do {
            at++;
            if (next() != '"') {
                return false;
            }
            int start = at + 1;
            int end = string();
            int member = end < 0 || escaped ? -1 : member(start, end);
            if (member < 0 || (seen & 1 << member) != 0 || next() != ':') {
                return false;
            }
            seen |= 1 << member;
            at++;
            if (!value(member, entityId, into)) {
                return false;
            }
        } while (next() == ',');
        boolean closed = next() == '}';
        at++;
        return closed && next() == -1;
    }

    private int member(int start, int end) {
        int first =
                switch (end - start) {
                    case 2 -> ID;
                    case 4 -> json[start] == 't' ? TYPE : json[start] == 'n' ? NAME : LANG;
                    case 6 -> SYNCED;
                    case 7 -> DELETED;
                    case 8 ->
                        switch (json[start]) {
                            case 'n' -> NODE_TYPE;
                            case 'e' -> ENTITY_ID;
                            case 'u' -> UNIT_CODE;
                            default -> PARENT_ID;
                        };
                    case 9 -> json[start] == 'd' ? DATASET_ID : VALUE_TYPE;
                    case 10 -> OBSERVED_AT;
                    default -> ATTRIBUTE_VALUE;
                };
        byte[] name = NAMES[first];
        return Arrays.equals(name, 0, name.length, json, start, end) ? first : -1;
    }

    private boolean value(int member, String entityId, FlatRecord into) {
        int c = next();
        int start = at;
        if (c == '"') {
            int end = string();
            return end >= 0 && text(member, start + 1, end, entityId, into);
        }
        if (c == '-' || c >= '0' && c <= '9') {
            if (member != ATTRIBUTE_VALUE && member != OBSERVED_AT || !number()) {
                return false;
            }
            Json.Num number = new Json.Num(new String(json, start, at - start, StandardCharsets.ISO_8859_1));
            if (member == OBSERVED_AT) {
                into.observedAt = number;
            } else {
                into.attributeValue = number;
            }
            return true;
        }
        if (literal(NULL)) {
            return true;
        }
        boolean yes = literal(TRUE);
        if (!yes && !literal(FALSE)) {
            return false;
        }
        switch (member) {
            case DELETED -> into.deleted = yes;
            case ATTRIBUTE_VALUE -> into.attributeValue = yes;
            case SYNCED -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean text(int member, int start, int end, String entityId, FlatRecord into) {
        switch (member) {
            case ID -> into.id = escaped ? unescaped(start, end) : text(start, end);
            case PARENT_ID -> into.parentId = escaped ? unescaped(start, end) : text(start, end);
            case ATTRIBUTE_VALUE -> into.attributeValue = escaped ? unescaped(start, end) : text(start, end);
            case ENTITY_ID -> into.entityId = equals(start, end, entityId) ? entityId : text(start, end);
            case NAME -> into.name = interner.of(json, start, end);
            case NODE_TYPE -> into.nodeType = interner.of(json, start, end);
            case VALUE_TYPE -> into.valueType = interner.of(json, start, end);
            case TYPE -> into.type = interner.of(json, start, end);
            case DATASET_ID -> into.datasetId = interner.of(json, start, end);
            case UNIT_CODE -> into.unitCode = interner.of(json, start, end);
            case LANG -> into.lang = interner.of(json, start, end);
            case OBSERVED_AT -> into.observedAt = text(start, end);
            case SYNCED -> {}
            default -> {
                return false;
            }
        }
        boolean mayBeEscaped = member == ATTRIBUTE_VALUE && into.attributeValue != null
                || member == ID && into.id != null
                || member == PARENT_ID && into.parentId != null;
        return !escaped || mayBeEscaped;
    }

    private String text(int start, int end) {
        return new String(json, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private boolean equals(int start, int end, String text) {
        if (text.length() != end - start) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != json[start + i]) {
                return false;
            }
        }
        return true;
    }

    /** @return null when there are other escapes than of the backslash, the quote and the slash */
    private String unescaped(int start, int end) {
        byte[] plain = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            byte c = json[i];
            if (c == '\\') {
                c = json[++i];
                if (c != '\\' && c != '"' && c != '/') {
                    return null;
                }
            }
            plain[length++] = c;
        }
        return new String(plain, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** The next character that is not white space, without taking it; -1 at the end. */
    private int next() {
        while (at < json.length) {
            byte c = json[at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c & 0xff;
            }
            at++;
        }
        return -1;
    }

    /** From the quote that begins a string to behind the one that ends it. @return where it ends, or -1 */
    private int string() {
        escaped = false;
        for (int i = plainEnd(at + 1); i < json.length; i = plainEnd(i + 1)) {
            byte c = json[i];
            if (c == '"') {
                at = i + 1;
                return i;
            }
            if (c < ' ') { // also what is not ASCII
                return -1;
            }
            if (c == '\\') {
                escaped = true;
                i++;
            }
        }
        return -1;
    }

    /** Behind as many characters as can be skipped eight at a time: none is a quote, a backslash, below space, or no ASCII. */
    private int plainEnd(int from) {
        int i = from;
        while (i + Long.BYTES <= json.length) {
            long eight = (long) LONGS.get(json, i);
            long quote = eight ^ QUOTES;
            long backslash = eight ^ BACKSLASHES;
            long found = (quote - ONES & ~quote | backslash - ONES & ~backslash | eight - SPACES | eight) & HIGH_BITS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
            i += Long.BYTES;
        }
        return i;
    }

    private boolean literal(byte[] word) {
        int end = at + word.length;
        if (end > json.length || !Arrays.equals(json, at, end, word, 0, word.length)) {
            return false;
        }
        at = end;
        return true;
    }

    private boolean number() {
        if (json[at] == '-') {
            at++;
        }
        int integer = digits();
        if (integer == 0 || integer > 1 && json[at - integer] == '0') {
            return false;
        }
        if (at < json.length && json[at] == '.') {
            at++;
            if (digits() == 0) {
                return false;
            }
        }
        // exponents and very long numbers are left to Json
        return at < json.length && json[at] != 'e' && json[at] != 'E' && integer < 100;
    }

    private int digits() {
        int start = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        return at - start;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
