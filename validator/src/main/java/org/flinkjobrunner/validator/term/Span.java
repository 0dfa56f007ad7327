package org.flinkjobrunner.validator.term;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration: months and seconds, which have no common measure, so that one month and 30 days are undecided. */
final class Span implements Value {
    /** Longer texts are well-formed, but have no order here: their numbers leave the range of a calendar. */
    private static final int MAX_LENGTH = 48;

    private static final int MAX_DIGITS = 8;

    private static final Pattern SYNTAX = Pattern.compile("(-?)P(?:(\\d++)Y)?(?:(\\d++)M)?(?:(\\d++)D)?"
            + "(T(?:(\\d++)H)?(?:(\\d++)M)?(?:(\\d++(?:\\.\\d++)?)S)?)?");

    /** The dates at which XSD compares durations. */
    private static final LocalDate[] REFERENCES = {
        LocalDate.of(1696, 9, 1), LocalDate.of(1697, 2, 1), LocalDate.of(1903, 3, 1), LocalDate.of(1903, 7, 1)
    };

    private static final BigDecimal DAY = BigDecimal.valueOf(86_400);

    /** Which parts the datatype has. */
    enum Form {
        DURATION("duration"),
        YEAR_MONTH("yearMonthDuration"),
        DAY_TIME("dayTimeDuration");

        private final String datatype;

        Form(String datatype) {
            this.datatype = datatype;
        }

        String datatype() {
            return datatype;
        }
    }

    private final long months;
    private final BigDecimal seconds;

    private Span(long months, BigDecimal seconds) {
        this.months = months;
        this.seconds = seconds;
    }

    /** @return null when the text is not in the lexical space */
    static Value parse(Form form, String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches() || text.endsWith("P") || text.endsWith("T")) {
            return null;
        }
        boolean hasMonths = parts.group(2) != null || parts.group(3) != null;
        boolean hasSeconds = parts.group(4) != null || parts.group(5) != null;
        if (hasMonths && form == Form.DAY_TIME || hasSeconds && form == Form.YEAR_MONTH) {
            return null;
        }
        return text.length() > MAX_LENGTH || !isMeasurable(parts) ? Opaque.WELL_FORMED : measure(parts);
    }

    private static boolean isMeasurable(Matcher parts) {
        for (int group : new int[] {2, 3, 4}) {
            if (parts.group(group) != null && parts.group(group).length() > MAX_DIGITS) {
                return false;
            }
        }
        return true;
    }

    private static Span measure(Matcher parts) {
        BigDecimal months = number(parts, 2).multiply(BigDecimal.valueOf(12)).add(number(parts, 3));
        BigDecimal seconds = number(parts, 4)
                .multiply(DAY)
                .add(number(parts, 6).multiply(BigDecimal.valueOf(3_600)))
                .add(number(parts, 7).multiply(BigDecimal.valueOf(60)))
                .add(number(parts, 8));
        boolean negative = !parts.group(1).isEmpty();
        return new Span(
                negative ? -months.longValueExact() : months.longValueExact(), negative ? seconds.negate() : seconds);
    }

    private static BigDecimal number(Matcher parts, int group) {
        return parts.group(group) == null ? BigDecimal.ZERO : new BigDecimal(parts.group(group));
    }

    Order compare(Span other) {
        if (months == other.months) {
            return Order.of(seconds.compareTo(other.seconds));
        }
        Order order = null;
        for (LocalDate reference : REFERENCES) {
            Order here = Order.of(from(reference).compareTo(other.from(reference)));
            if (order != null && order != here) {
                return Order.INCOMPARABLE;
            }
            order = here;
        }
        return order;
    }

    private BigDecimal from(LocalDate reference) {
        long days = reference.plusMonths(months).toEpochDay();
        return BigDecimal.valueOf(days).multiply(DAY).add(seconds);
    }
}
