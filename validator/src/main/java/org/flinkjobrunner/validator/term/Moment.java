package org.flinkjobrunner.validator.term;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * A point of time, or what recurs (a day of the month, a time of day) put on a reference date, as XSD compares them. One
 * with a zone and one without are 14 hours apart at most, and undecided within that.
 */
final class Moment implements Value {
    private static final long DAY = 86_400;
    private static final long ZONES = 14 * 3_600;
    /** Years beyond java.time's are well-formed, but have no order here. */
    private static final int YEAR_DIGITS = 9;

    /** Which fields the datatype has. */
    enum Form {
        DATE_TIME("dateTime"),
        DATE_TIME_STAMP("dateTimeStamp"),
        DATE("date"),
        TIME("time"),
        YEAR("gYear"),
        YEAR_MONTH("gYearMonth"),
        MONTH_DAY("gMonthDay"),
        MONTH("gMonth"),
        DAY_OF_MONTH("gDay");

        private final String datatype;

        Form(String datatype) {
            this.datatype = datatype;
        }

        String datatype() {
            return datatype;
        }

        private boolean hasYear() {
            return ordinal() <= DATE.ordinal() || this == YEAR || this == YEAR_MONTH;
        }

        private boolean hasTime() {
            return ordinal() <= DATE_TIME_STAMP.ordinal() || this == TIME;
        }
    }

    private final Form form;
    private final long seconds;
    private final String fraction;
    private final boolean zoned;

    private Moment(Form form, long seconds, String fraction, boolean zoned) {
        this.form = form == Form.DATE_TIME_STAMP ? Form.DATE_TIME : form;
        this.seconds = seconds;
        this.fraction = fraction;
        this.zoned = zoned;
    }

    /** @return null when the text is not in the lexical space */
    static Value parse(Form form, String text) {
        try {
            return new Reader(text).read(form);
        } catch (Malformed e) {
            return null;
        }
    }

    Order compare(Moment other) {
        if (form != other.form) {
            return Order.INCOMPARABLE;
        }
        if (zoned == other.zoned) {
            return Order.of(
                    seconds != other.seconds
                            ? Long.compare(seconds, other.seconds)
                            : fraction.compareTo(other.fraction));
        }
        return isBefore(other) ? Order.LESS : other.isBefore(this) ? Order.GREATER : Order.INCOMPARABLE;
    }

    private boolean isBefore(Moment other) {
        long distance = other.seconds - seconds;
        return distance > ZONES || distance == ZONES && fraction.compareTo(other.fraction) < 0;
    }

    /** Not in the lexical space; carries no stack, because it is an answer and not a fault. */
    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final Malformed INSTANCE = new Malformed();

        private Malformed() {
            super(null, null, false, false);
        }
    }

    private static final class Reader {
        private final String text;
        private int at;
        private boolean ordered = true;

        Reader(String text) {
            this.text = text;
        }

        Value read(Form form) {
            long day = day(form);
            long time = 0;
            String fraction = "";
            if (form.hasTime()) {
                if (form != Form.TIME) {
                    expect('T');
                }
                time = two(0, 24) * 3_600L;
                expect(':');
                time += two(0, 59) * 60L;
                expect(':');
                time += two(0, 59);
                fraction = fraction();
                time = endOfDay(form, time, fraction);
            }
            boolean zoned = at < text.length();
            long offset = zoned ? offset() : 0;
            if (at != text.length() || form == Form.DATE_TIME_STAMP && !zoned) {
                throw Malformed.INSTANCE;
            }
            return ordered ? new Moment(form, day * DAY + time - offset, fraction, zoned) : Opaque.WELL_FORMED;
        }

        /** 24:00:00 is the next day's midnight; as a time of day it is midnight. */
        private static long endOfDay(Form form, long time, String fraction) {
            if (time > DAY || time == DAY && !fraction.isEmpty()) {
                throw Malformed.INSTANCE;
            }
            return form == Form.TIME ? time % DAY : time;
        }

        private long day(Form form) {
            int year = 1972; // a leap year, as XSD's reference
            int month = 12;
            int dayOfMonth = 1;
            if (form == Form.TIME) {
                return LocalDate.of(1972, 12, 31).toEpochDay();
            }
            if (form.hasYear()) {
                year = year();
            } else {
                expect('-');
            }
            if (form == Form.DAY_OF_MONTH) {
                expect('-');
            } else if (form != Form.YEAR) {
                expect('-');
                month = two(1, 12);
            } else {
                month = 1;
            }
            if (form != Form.YEAR && form != Form.YEAR_MONTH && form != Form.MONTH) {
                expect('-');
                dayOfMonth = two(1, YearMonth.of(year, month).lengthOfMonth());
            }
            return LocalDate.of(year, month, dayOfMonth).toEpochDay();
        }

        private int year() {
            boolean negative = at < text.length() && text.charAt(at) == '-';
            at += negative ? 1 : 0;
            int end = Exact.digitsEnd(text, at);
            int digits = end - at;
            if (digits < 4 || digits > 4 && text.charAt(at) == '0') {
                throw Malformed.INSTANCE;
            }
            String year = text.substring(at, end);
            at = end;
            if (digits >= YEAR_DIGITS) {
                ordered = false;
                year = year.substring(digits - 4); // leap years repeat every 400 years
            }
            return negative ? -Integer.parseInt(year) : Integer.parseInt(year);
        }

        private String fraction() {
            if (at == text.length() || text.charAt(at) != '.') {
                return "";
            }
            int end = Exact.digitsEnd(text, at + 1);
            if (end == at + 1) {
                throw Malformed.INSTANCE;
            }
            String digits = text.substring(at + 1, end);
            at = end;
            return Exact.withoutTrailingZeros(digits);
        }

        private long offset() {
            char sign = text.charAt(at++);
            if (sign == 'Z') {
                return 0;
            }
            if (sign != '+' && sign != '-') {
                throw Malformed.INSTANCE;
            }
            long offset = two(0, 14) * 3_600L;
            expect(':');
            offset += two(0, 59) * 60L;
            if (offset > ZONES) {
                throw Malformed.INSTANCE;
            }
            return sign == '+' ? offset : -offset;
        }

        private int two(int lowest, int highest) {
            if (Exact.digitsEnd(text, at) < at + 2) {
                throw Malformed.INSTANCE;
            }
            int number = (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
            if (number < lowest || number > highest) {
                throw Malformed.INSTANCE;
            }
            at += 2;
            return number;
        }

        private void expect(char expected) {
            if (at == text.length() || text.charAt(at) != expected) {
                throw Malformed.INSTANCE;
            }
            at++;
        }
    }
}
