package org.flinkjobrunner.validator.wire;

/** Why a record, or the entity in it, cannot be read. It goes to the dead letters. */
public final class RecordRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String pointer;
    private final String hint;

    /**
     * @param code    stable, in kebab-case
     * @param pointer JSON pointer of what is wrong; may be null
     * @param hint    what to do; may be null
     */
    public RecordRefused(String code, String pointer, String message, String hint) {
        super(message, null, false, false); // no stack trace: bad input is no event for the log, and can be frequent
        this.code = code;
        this.pointer = pointer;
        this.hint = hint;
    }

    public String code() {
        return code;
    }

    public String pointer() {
        return pointer;
    }

    public String hint() {
        return hint;
    }
}
