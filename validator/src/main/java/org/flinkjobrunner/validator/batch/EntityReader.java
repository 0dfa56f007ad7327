package org.flinkjobrunner.validator.batch;

import org.flinkjobrunner.validator.graph.EntityDocument;

/** Reads one NGSI-LD entity from its JSON text. */
@FunctionalInterface
interface EntityReader {
    /** @throws Refused when the text is not an entity that can be validated */
    EntityDocument read(byte[] json) throws Refused;

    /** Why it cannot; pointer and hint may be null. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String code;
        private final String pointer;
        private final String hint;

        Refused(String code, String pointer, String message, String hint) {
            super(message);
            this.code = code;
            this.pointer = pointer;
            this.hint = hint;
        }

        String code() {
            return code;
        }

        String pointer() {
            return pointer;
        }

        String hint() {
            return hint;
        }
    }
}
