package org.flinkjobrunner.validator.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much data one file may hold. */
record Limits(long bytes, long triples) {
    static final Limits DEFAULT = new Limits(64L * 1024 * 1024, 5_000_000);

    /** Reads a file that exists and is not too large. */
    byte[] read(String file) throws DataException {
        Path path = Path.of(file);
        if (!Files.isRegularFile(path)) {
            throw new DataException(
                    Diagnostic.ofFile("file-not-found", file, "there is no file " + file, "give the path of a file"));
        }
        try {
            long size = Files.size(path);
            if (size > bytes) {
                String message = file + " has " + size + " bytes, allowed are " + bytes;
                throw new DataException(Diagnostic.ofFile("file-too-large", file, message, "split the file"));
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            String message = file + " cannot be read: " + e.getMessage();
            throw new DataException(Diagnostic.ofFile("file-unreadable", file, message, null));
        }
    }

    void countTriple(long number, String file) throws DataException {
        if (number > triples) {
            String message = file + " has more than " + triples + " triples";
            throw new DataException(Diagnostic.ofFile("too-many-triples", file, message, "split the file"));
        }
    }
}
