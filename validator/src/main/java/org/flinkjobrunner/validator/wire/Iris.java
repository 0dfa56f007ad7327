package org.flinkjobrunner.validator.wire;

/** Which texts are absolute IRIs: a scheme, and no character that RDF does not allow. */
final class Iris {
    static final int MAX_LENGTH = 8_192;

    private static final boolean[] ASCII = new boolean[0x80];

    static {
        for (char c = '!'; c < 0x7f; c++) {
            ASCII[c] = "<>\"{}|\\^`".indexOf(c) < 0;
        }
    }

    private Iris() {}

    static boolean isAbsolute(String text) {
        int colon = schemeEnd(text);
        return colon > 0 && colon + 1 < text.length() && text.length() <= MAX_LENGTH && hasIriCharacters(text);
    }

    /** @return where the colon behind the scheme is, or -1 */
    private static int schemeEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i;
            }
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean later = c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.';
            if (!letter && (i == 0 || !later)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean hasIriCharacters(String text) {
        boolean surrogates = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = c < 0x80 ? ASCII[c] : c >= 0xa0 && c < 0xfff0;
            if (!allowed) {
                return false;
            }
            surrogates |= Character.isSurrogate(c);
        }
        return !surrogates || isWellFormed(text);
    }

    /** Whether no half of a surrogate pair stands alone. */
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
