package org.flinkjobrunner.validator.stream;

import org.flinkjobrunner.validator.wire.InputRecord;

/** A record that could not be read, and why; {@code pointer} may be null. */
public record DeadLetter(InputRecord record, String code, String message, String pointer) {}
