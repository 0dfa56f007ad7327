package org.flinkjobrunner.validator.stream.entity;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.flinkjobrunner.validator.stream.Activation;

/** Programs for tests: cutters have a temperature of at most so much, and, if wanted, a speed. */
final class Shapes {
    static final String X = "https://x/";
    static final String TEMPERATURE = X + "temperature";
    static final String SPEED = X + "speed";

    private static final String VIOLATION = "http://www.w3.org/ns/shacl#Violation";
    private static final String INTEGER = "http://www.w3.org/2001/XMLSchema#integer";

    private Shapes() {}

    static Activation hotAbove(long epoch, int limit) {
        return activation(epoch, program("temperature", ceiling(limit, "too hot")));
    }

    static Activation hotAbove(long epoch, int limit, String message) {
        return activation(epoch, program("temperature", ceiling(limit, message)));
    }

    static Activation speedMissing(long epoch) {
        return activation(epoch, program("speed", ""));
    }

    private static String ceiling(int limit, String message) {
        return """
        , "<https://x/CutterShape>/<https://x/temperature>/<https://uri.etsi.org/ngsi-ld/hasValue>": {
          "path": {"predicate": "https://uri.etsi.org/ngsi-ld/hasValue"}, "severity": "%s",
          "messages": [{"@value": "%s"}],
          "constraints": [{"component": "MaxInclusive", "value": {"@value": "%d", "@type": "%s"}}], "property": []}
        """
                .formatted(VIOLATION, message, limit, INTEGER);
    }

    private static String program(String attribute, String nested) {
        String label = "<https://x/CutterShape>/<https://x/" + attribute + ">";
        String property = nested.isEmpty() ? "" : "\"" + label + "/<https://uri.etsi.org/ngsi-ld/hasValue>\"";
        return """
        {"formatVersion": 1, "numbers": "declared", "shapes": {
          "https://x/CutterShape": {"iri": "https://x/CutterShape", "targets": [{"class": "https://x/Cutter"}],
            "severity": "%1$s", "messages": [], "constraints": [], "property": ["%2$s"]},
          "%2$s": {"path": {"predicate": "https://x/%3$s"}, "severity": "%1$s", "messages": [],
            "constraints": [{"component": "MinCount", "minCount": 1}], "property": [%4$s]}%5$s},
         "units": [{"root": "https://x/CutterShape", "shape": "%2$s", "attributes": ["https://x/%3$s"], "types": false}],
         "knowledge": {"superClasses": {"https://x/Laser": ["https://x/Laser", "https://x/Cutter"]}, "triples": []},
         "contexts": {"https://x/context": {"vocab": "https://x/", "terms": {}}},
         "defaultContext": "https://x/context"}
        """
                .formatted(VIOLATION, label, attribute, property, nested);
    }

    private static Activation activation(long epoch, String program) {
        byte[] json = program.getBytes(StandardCharsets.UTF_8);
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(json);
            }
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(json));
            return new Activation(epoch, "sha256:" + digest, bytes.toByteArray());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
