package org.flinkjobrunner.validator.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.EntityDocument;

/** Reads NGSI-LD entities, one per line. */
final class EntityFile {
    /** Enough to see what is wrong with a file; the rest would say the same. */
    private static final int MAX_DIAGNOSTICS = 100;

    private final String file;
    private final EntityReader reader;
    private final Map<String, EntityDocument> entities;
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    /** @param entities those of the files before, by id; takes the new ones */
    EntityFile(String file, EntityReader reader, Map<String, EntityDocument> entities) {
        this.file = file;
        this.reader = reader;
        this.entities = entities;
    }

    void read(byte[] content) throws DataException {
        long line = 0;
        int start = 0;
        while (start < content.length && diagnostics.size() < MAX_DIAGNOSTICS) {
            int end = start;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            line++;
            if (!isBlank(content, start, end)) {
                readLine(Arrays.copyOfRange(content, start, end), line);
            }
            start = end + 1;
        }
        if (!diagnostics.isEmpty()) {
            throw new DataException(diagnostics);
        }
    }

    private void readLine(byte[] json, long line) {
        try {
            EntityDocument entity = reader.read(json);
            if (entities.putIfAbsent(entity.id(), entity) != null) {
                diagnostics.add(new Diagnostic(
                        "duplicate-entity",
                        file,
                        line,
                        null,
                        "/id",
                        "the entity <" + entity.id() + "> is there twice",
                        "keep one line per entity, or use replay for its history"));
            }
        } catch (EntityReader.Refused e) {
            diagnostics.add(new Diagnostic(e.code(), file, line, null, e.pointer(), e.getMessage(), e.hint()));
        }
    }

    private static boolean isBlank(byte[] content, int start, int end) {
        for (int i = start; i < end; i++) {
            if (content[i] != ' ' && content[i] != '\t' && content[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
