package org.flinkjobrunner.validator.program;

/** The bytes are not a program that this evaluator understands; the message names what and what to do. */
public final class ProgramException extends Exception {
    private static final long serialVersionUID = 1L;

    public ProgramException(String message) {
        super(message);
    }

    public ProgramException(String message, Throwable cause) {
        super(message, cause);
    }
}
