package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;

/** Texts of times, which have to come back as they were: those of the usual form take a third of the bytes. */
final class TimeCodec {
    private static final String FORM = "0000-00-00T00:00:00.000Z";
    private static final int NULL = 0;
    private static final int DIGITS = 1;
    private static final int TEXT = 2;

    private TimeCodec() {}

    static void write(String text, Packer out) {
        long digits = text == null ? -1 : digits(text);
        if (text == null) {
            out.one(NULL);
        } else if (digits < 0) {
            out.one(TEXT);
            out.text(text);
        } else {
            out.one(DIGITS);
            out.fixed(digits);
        }
    }

    /** @return -1 when it has another form */
    private static long digits(String text) {
        if (text.length() != FORM.length()) {
            return -1;
        }
        long digits = 0;
        for (int i = 0; i < FORM.length(); i++) {
            char c = text.charAt(i);
            char form = FORM.charAt(i);
            if (form == '0' && c >= '0' && c <= '9') {
                digits = digits * 10 + c - '0';
            } else if (c != form) {
                return -1;
            }
        }
        return digits;
    }

    static String read(Unpacker in) {
        return switch (in.one()) {
            case NULL -> null;
            case DIGITS -> text(in.fixed());
            default -> in.text();
        };
    }

    private static String text(long digits) {
        byte[] text = FORM.getBytes(StandardCharsets.ISO_8859_1);
        long rest = digits;
        for (int i = text.length - 1; i >= 0; i--) {
            if (text[i] == '0') {
                text[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
