package org.flinkjobrunner.validator.wire;

import java.nio.charset.StandardCharsets;

/**
 * Walks over the members of an object or the items of an array without reading what is inside of them. It finds places,
 * it does not judge: text that is no JSON may pass, and is refused when it is read.
 */
final class JsonScan {
    private final byte[] json;
    private int at;
    private int keyStart;
    private int valueStart;
    private int valueEnd;

    JsonScan(byte[] json, int from) {
        this.json = json;
        this.at = from;
    }

    /** The first character that is not white space, without taking it; -1 at the end. */
    int next() {
        while (at < json.length) {
            byte c = json[at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c & 0xff;
            }
            at++;
        }
        return -1;
    }

    /** Into an object or array. */
    JsonScan enter() {
        next();
        at++;
        return this;
    }

    /** To the next member; false at the end of the object, or where it is no object. */
    boolean member() {
        if (next() == ',') {
            at++;
        }
        if (next() != '"') {
            return false;
        }
        keyStart = at;
        at = skipString(at);
        if (next() != ':') {
            return false;
        }
        at++;
        return value();
    }

    /** To the next item; false at the end of the array. */
    boolean item() {
        if (next() == ',') {
            at++;
        }
        return next() != ']' && value();
    }

    private boolean value() {
        if (next() < 0) {
            return false;
        }
        valueStart = at;
        at = skip(at);
        valueEnd = at;
        return valueEnd > valueStart;
    }

    int valueStart() {
        return valueStart;
    }

    int valueEnd() {
        return valueEnd;
    }

    byte first() {
        return json[valueStart];
    }

    /** Whether the member has this name. */
    boolean isNamed(String name) {
        int end = keyStart + 1 + name.length();
        if (end < json.length && json[end] == '"') {
            int i = 0;
            while (i < name.length() && json[keyStart + 1 + i] == name.charAt(i)) {
                i++;
            }
            return i == name.length();
        }
        return false;
    }

    /** The value, when it is a string; else null. */
    String text() {
        if (json[valueStart] != '"' || valueEnd - valueStart < 2 || json[valueEnd - 1] != '"') {
            return null;
        }
        String text = new String(json, valueStart + 1, valueEnd - valueStart - 2, StandardCharsets.UTF_8);
        if (text.indexOf('\\') < 0) {
            return text;
        }
        try {
            return Json.read(json, valueStart, valueEnd) instanceof String unescaped ? unescaped : null;
        } catch (RecordRefused e) {
            return null;
        }
    }

    private int skipString(int quote) {
        int i = quote + 1;
        while (i < json.length && json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return Math.min(i + 1, json.length);
    }

    private int skip(int from) {
        int i = from;
        int depth = 0;
        while (i < json.length) {
            byte c = json[i];
            if (c == '"') {
                i = skipString(i);
            } else if (c == '{' || c == '[') {
                depth++;
                i++;
            } else if (c == '}' || c == ']') {
                if (depth == 0) {
                    return i;
                }
                depth--;
                i++;
            } else if (depth == 0 && (c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
                return i;
            } else {
                i++;
                continue;
            }
            if (depth == 0) {
                return i;
            }
        }
        return json.length;
    }
}
