package org.flinkjobrunner.validator.batch;

import java.util.List;

/** Data that is refused. */
final class DataException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Diagnostic> diagnostics;

    DataException(List<Diagnostic> diagnostics) {
        super(diagnostics.get(0).message());
        this.diagnostics = diagnostics;
    }

    DataException(Diagnostic diagnostic) {
        this(List.of(diagnostic));
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
