package org.flinkjobrunner.validator.wire;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Times of ISO 8601 and nanoseconds since 1970. A time without a zone is UTC, as the IndustryFusion tables have it. Not
 * for several threads: it keeps the last day.
 */
final class Instants {
    private static final long NANOS = 1_000_000_000L;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final long MILLIS_PER_DAY = 86_400_000L;
    /** What nanoseconds in a long can say, in whole days. */
    private static final long MAX_DAY = Long.MAX_VALUE / NANOS / SECONDS_PER_DAY - 1;

    private long lastDay = Long.MIN_VALUE;
    /** {@code yyyy-mm-ddT00:00:00.000Z} of the last day, over which the time of day is written. */
    private byte[] lastText;

    private String text;
    private int at;

    /** Whether Kafka's milliseconds can be nanoseconds. */
    static boolean isMillis(long millis) {
        return Math.abs(Math.floorDiv(millis, MILLIS_PER_DAY)) <= MAX_DAY;
    }

    /** With three digits of the second, in UTC; {@code isMillis} must hold. */
    String text(long millis) {
        long day = Math.floorDiv(millis, MILLIS_PER_DAY);
        if (day != lastDay) {
            lastText = (LocalDate.ofEpochDay(day) + "T00:00:00.000Z").getBytes(StandardCharsets.ISO_8859_1);
            lastDay = day;
        }
        int rest = (int) (millis - day * MILLIS_PER_DAY);
        byte[] written = lastText;
        digits(written, 20, 3, rest % 1000);
        digits(written, 17, 2, rest / 1000 % 60);
        digits(written, 14, 2, rest / 60_000 % 60);
        digits(written, 11, 2, rest / 3_600_000);
        return new String(written, StandardCharsets.ISO_8859_1);
    }

    private static void digits(byte[] into, int from, int count, int value) {
        int rest = value;
        for (int i = from + count - 1; i >= from; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** @throws DateTimeException when the text is no time, or one that nanoseconds in a long cannot say */
    long nanos(String time) {
        text = time;
        at = 0;
        int year = number(4);
        expect('-');
        int month = number(2);
        expect('-');
        int dayOfMonth = number(2);
        if (at >= text.length() || "Tt ".indexOf(text.charAt(at)) < 0) {
            throw new DateTimeException("a T is expected");
        }
        at++;
        int hour = number(2, 23);
        expect(':');
        int minute = number(2, 59);
        expect(':');
        int second = number(2, 60); // a leap second is the next minute's first
        int fraction = fraction();
        int offset = offset();
        long day = LocalDate.of(year, month, dayOfMonth).toEpochDay();
        if (at != text.length() || Math.abs(day) > MAX_DAY) {
            throw new DateTimeException("out of range, or more than a time");
        }
        return (day * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second - offset) * NANOS + fraction;
    }

    private int fraction() {
        if (at == text.length() || text.charAt(at) != '.' && text.charAt(at) != ',') {
            return 0;
        }
        int start = ++at;
        int nanos = 0;
        int unit = (int) NANOS;
        while (at < text.length() && isDigit(text.charAt(at))) {
            unit /= 10;
            nanos += unit * (text.charAt(at) - '0');
            at++;
        }
        if (at == start) {
            throw new DateTimeException("digits are expected");
        }
        return nanos;
    }

    /** In seconds. */
    private int offset() {
        if (at == text.length()) {
            return 0;
        }
        char sign = text.charAt(at++);
        if (sign == 'Z' || sign == 'z') {
            return 0;
        }
        if (sign != '+' && sign != '-') {
            throw new DateTimeException("a zone is expected");
        }
        int seconds = number(2, 18) * 3600;
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            seconds += number(2, 59) * 60;
        } else if (at < text.length()) {
            seconds += number(2, 59) * 60;
        }
        return sign == '-' ? -seconds : seconds;
    }

    private int number(int digits, int max) {
        int number = number(digits);
        if (number > max) {
            throw new DateTimeException("a number up to " + max + " is expected");
        }
        return number;
    }

    private int number(int digits) {
        int end = at + digits;
        if (end > text.length()) {
            throw new DateTimeException("it ends too early");
        }
        int number = 0;
        for (; at < end; at++) {
            char c = text.charAt(at);
            if (!isDigit(c)) {
                throw new DateTimeException("a digit is expected");
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private void expect(char c) {
        if (at >= text.length() || text.charAt(at) != c) {
            throw new DateTimeException(c + " is expected");
        }
        at++;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
