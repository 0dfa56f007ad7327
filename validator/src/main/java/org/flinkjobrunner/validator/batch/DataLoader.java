package org.flinkjobrunner.validator.batch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.jena.riot.Lang;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.MergedGraph;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.term.Numbers;

/** Makes one data graph of all data files and the program's knowledge. */
final class DataLoader {
    private final Program program;
    private final Numbers numbers;
    private final EntityReader entityReader;
    private final Limits limits;
    private final TripleGraph.Builder triples = new TripleGraph.Builder();
    private final Map<String, EntityDocument> entities = new LinkedHashMap<>();
    private int files;

    DataLoader(Program program, Numbers numbers, EntityReader entityReader, Limits limits) {
        this.program = program;
        this.numbers = numbers;
        this.entityReader = entityReader;
        this.limits = limits;
    }

    MergedGraph load(List<String> dataFiles) throws DataException {
        for (String file : dataFiles) {
            load(file);
        }
        triples.addAll(program.knowledge().triples());
        program.knowledge().superClasses().forEach(triples::subClass);
        return new MergedGraph(entities, triples.build());
    }

    private void load(String file) throws DataException {
        int number = ++files;
        String extension = extension(file);
        switch (extension) {
            case "ttl" -> RdfFile.read(file, limits.read(file), Lang.TURTLE, number, limits, triples);
            case "nt" -> RdfFile.read(file, limits.read(file), Lang.NTRIPLES, number, limits, triples);
            case "jsonld", "json" ->
                new JsonLdFile(file, number, limits, numbers, program.contexts()).read(limits.read(file), triples);
            case "ndjson" -> new EntityFile(file, entityReader, entities).read(limits.read(file));
            default ->
                throw new DataException(Diagnostic.ofFile(
                        "unknown-format",
                        file,
                        file + " has none of the extensions of data files",
                        "name it .ttl, .nt, .jsonld, .json or .ndjson"));
        }
    }

    private static String extension(String file) {
        return file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
