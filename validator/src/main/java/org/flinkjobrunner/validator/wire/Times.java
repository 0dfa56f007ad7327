package org.flinkjobrunner.validator.wire;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Times as they are written: ISO 8601 in UTC, with milliseconds always. */
public final class Times {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    public static String text(long milliseconds) {
        return FORMAT.format(Instant.ofEpochMilli(milliseconds));
    }

    /** @throws DateTimeParseException when it is no time, or one without a zone */
    public static long parse(String text) {
        return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    }
}
