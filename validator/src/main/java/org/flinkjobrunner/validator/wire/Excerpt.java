package org.flinkjobrunner.validator.wire;

/** What messages show of a record: enough to find it, never a megabyte, and nothing that breaks a line. */
final class Excerpt {
    private static final int MAX_LENGTH = 100;

    private Excerpt() {}

    static String of(Object value) {
        String text = value instanceof String string ? string : Json.describe(value);
        StringBuilder excerpt = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            excerpt.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return text.length() > MAX_LENGTH ? excerpt.append("...").toString() : excerpt.toString();
    }
}
