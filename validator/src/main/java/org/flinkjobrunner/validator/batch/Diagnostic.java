package org.flinkjobrunner.validator.batch;

/** Why data is refused: where (each part of the place may be null), what is wrong, and what to do (may be null). */
record Diagnostic(String code, String file, Long line, Long column, String pointer, String message, String hint) {
    static Diagnostic ofFile(String code, String file, String message, String hint) {
        return new Diagnostic(code, file, null, null, null, message, hint);
    }
}
