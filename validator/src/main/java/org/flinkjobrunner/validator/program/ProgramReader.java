package org.flinkjobrunner.validator.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.flinkjobrunner.validator.graph.Knowledge;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.term.Numbers;

/** Reads what the compiler wrote. */
final class ProgramReader {
    static final int FORMAT_VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ProgramReader() {}

    static Program read(byte[] json) throws ProgramException {
        Fields program = new Fields(parse(json), "program");
        JsonNode version = program.require("formatVersion");
        if (!version.isInt() || version.intValue() != FORMAT_VERSION) {
            throw new ProgramException("the program has format version " + version + ", this validator reads "
                    + FORMAT_VERSION + ": compile the shapes with its version");
        }
        Numbers numbers = numbers(program.requireText("numbers"));
        SortedMap<String, Shape> shapes = new ShapeReader(program.require("shapes")).read();
        List<IndexedUnit> units = units(program, shapes);
        Knowledge knowledge = KnowledgeReader.read(program);
        Contexts contexts = ContextReader.read(program);
        program.end();
        return new Program(digest(json), numbers, shapes, knowledge, contexts, units);
    }

    private static JsonNode parse(byte[] json) throws ProgramException {
        try {
            JsonNode program = JSON.readTree(json);
            if (program == null || program.isMissingNode()) {
                throw new ProgramException("the program is empty");
            }
            return program;
        } catch (JsonProcessingException e) {
            throw new ProgramException("the program is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ProgramException("the program cannot be read: " + e.getMessage(), e);
        }
    }

    private static Numbers numbers(String text) throws ProgramException {
        Numbers numbers = Numbers.of(text);
        if (numbers == null) {
            throw new ProgramException("program.numbers: \"" + text + "\" is none of declared, json-ld, double");
        }
        return numbers;
    }

    private static List<IndexedUnit> units(Fields program, Map<String, Shape> shapes) throws ProgramException {
        List<IndexedUnit> units = new ArrayList<>();
        for (Fields fields : program.objects("units")) {
            Unit unit = new Unit(shape(fields, "root", shapes), shape(fields, "shape", shapes));
            units.add(new IndexedUnit(
                    unit, List.copyOf(fields.texts("attributes")), fields.flag("allAttributes"), fields.flag("types")));
            fields.end();
        }
        units.sort(Comparator.comparing(indexed -> indexed.unit().key()));
        return List.copyOf(units);
    }

    private static Shape shape(Fields unit, String name, Map<String, Shape> shapes) throws ProgramException {
        String label = unit.requireText(name);
        Shape shape = shapes.get(label);
        if (shape == null) {
            throw new ProgramException(
                    unit.place() + " names the shape \"" + label + "\", which is not in the program");
        }
        return shape;
    }

    private static String digest(byte[] json) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(json));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
