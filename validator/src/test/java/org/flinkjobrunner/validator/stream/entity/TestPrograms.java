package org.flinkjobrunner.validator.stream.entity;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.ProgramException;
import org.flinkjobrunner.validator.stream.Activation;

/** Programs about cutters: a temperature that must be there and not be above a limit, and a state that must be there. */
final class TestPrograms {
    static final String TEMPERATURE = "https://x/temperature";
    static final String STATE = "https://x/state";
    static final String CUTTER = "https://x/Cutter";

    private TestPrograms() {}

    static String json(int limit, String message) {
        return json("declared", limit, message, "Violation");
    }

    static String json(String numbers, int limit, String message, String severity) {
        return ("""
                {"formatVersion": 1, "numbers": "%s",
                 "shapes": {
                   "https://x/CutterShape": {"iri": "https://x/CutterShape", "targets": [{"class": "https://x/Cutter"}],
                     "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [], "constraints": [],
                     "property": ["t", "s"]},
                   "t": {"path": {"predicate": "https://x/temperature"}, "targets": [],
                     "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [{"@value": "no temperature"}],
                     "constraints": [{"component": "MinCount", "minCount": 1}], "property": ["v"]},
                   "v": {"path": {"predicate": "https://uri.etsi.org/ngsi-ld/hasValue"}, "targets": [],
                     "severity": "http://www.w3.org/ns/shacl#%s", "messages": [{"@value": "%s"}],
                     "constraints": [{"component": "MaxInclusive",
                       "value": {"@value": "%d", "@type": "http://www.w3.org/2001/XMLSchema#integer"}}],
                     "property": []},
                   "s": {"path": {"predicate": "https://x/state"}, "targets": [],
                     "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [{"@value": "no state"}],
                     "constraints": [{"component": "MinCount", "minCount": 1}], "property": []}},
                 "units": [
                   {"root": "https://x/CutterShape", "shape": "t", "attributes": ["https://x/temperature"], "types": false},
                   {"root": "https://x/CutterShape", "shape": "s", "attributes": ["https://x/state"], "types": false}],
                 "knowledge": {"superClasses": {}, "triples": []}}
                """)
                .formatted(numbers, severity, message, limit);
    }

    /** The same shapes in another order. */
    static String permuted(String json) {
        return json.replace("[\"t\", \"s\"]", "[\"s\", \"t\"]");
    }

    /** No shapes at all. */
    static String empty() {
        return "{\"formatVersion\": 1, \"numbers\": \"declared\", \"shapes\": {}}";
    }

    static Activation activation(long epoch, String json) {
        try {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(bytes);
            }
            return new Activation(epoch, Program.read(bytes).digest(), compressed.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ProgramException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
