package org.flinkjobrunner.validator.term;

/** The lexical spaces of the binary datatypes. */
final class Binary {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Binary() {}

    static boolean isHex(String text) {
        return text.length() % 2 == 0 && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }

    /** Groups of four, single spaces between characters allowed, and no bits set beyond the last byte. */
    static boolean isBase64(String text) {
        if (text.startsWith(" ") || text.endsWith(" ") || text.contains("  ")) {
            return false;
        }
        String digits = text.replace(" ", "");
        int padding = digits.endsWith("==") ? 2 : digits.endsWith("=") ? 1 : 0;
        String data = digits.substring(0, digits.length() - padding);
        if (digits.length() % 4 != 0 || !data.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)) {
            return false;
        }
        int unused = padding == 2 ? 16 : padding == 1 ? 4 : 1;
        return padding == 0 || ALPHABET.indexOf(data.charAt(data.length() - 1)) % unused == 0;
    }
}
