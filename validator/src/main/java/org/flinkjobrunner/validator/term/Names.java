package org.flinkjobrunner.validator.term;

/** The lexical spaces of the datatypes derived from xsd:string. */
final class Names {
    private static final int SUBTAG_LENGTH = 8;

    private Names() {}

    static boolean isNormalized(String text) {
        return text.chars().noneMatch(c -> c == '\t' || c == '\n' || c == '\r');
    }

    static boolean isToken(String text) {
        return isNormalized(text) && !text.startsWith(" ") && !text.endsWith(" ") && !text.contains("  ");
    }

    static boolean isLanguage(String text) {
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || text.charAt(at) == '-') {
                if (at == start || at - start > SUBTAG_LENGTH) {
                    return false;
                }
                start = at + 1;
            } else if (!isLetter(text.charAt(at)) && (start == 0 || !isDigit(text.charAt(at)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isNmToken(String text) {
        return !text.isEmpty() && text.codePoints().allMatch(Names::isNameCharacter);
    }

    static boolean isName(String text) {
        return isNmToken(text) && isNameStart(text.codePointAt(0));
    }

    static boolean isNcName(String text) {
        return isName(text) && text.indexOf(':') < 0;
    }

    static boolean isQName(String text) {
        int colon = text.indexOf(':');
        return isNcName(text.substring(colon + 1)) && (colon < 0 || isNcName(text.substring(0, colon)));
    }

    private static boolean isNameStart(int c) {
        return c == ':'
                || c == '_'
                || c >= 'A' && c <= 'Z'
                || c >= 'a' && c <= 'z'
                || c >= 0xC0 && c <= 0x2FF && c != 0xD7 && c != 0xF7
                || c >= 0x370 && c <= 0x1FFF && c != 0x37E
                || c == 0x200C
                || c == 0x200D
                || c >= 0x2070 && c <= 0x218F
                || c >= 0x2C00 && c <= 0x2FEF
                || c >= 0x3001 && c <= 0xD7FF
                || c >= 0xF900 && c <= 0xFDCF
                || c >= 0xFDF0 && c <= 0xFFFD
                || c >= 0x10000 && c <= 0xEFFFF;
    }

    private static boolean isNameCharacter(int c) {
        return isNameStart(c)
                || c == '-'
                || c == '.'
                || c >= '0' && c <= '9'
                || c == 0xB7
                || c >= 0x300 && c <= 0x36F
                || c == 0x203F
                || c == 0x2040;
    }
}
