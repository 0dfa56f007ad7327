package org.flinkjobrunner.validator.program;

import java.util.Map;
import org.flinkjobrunner.validator.graph.Knowledge;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.term.Numbers;

/** A compiled program, indexed. Immutable and safe to share between threads. */
public final class Program {
    private final String digest;
    private final Numbers numbers;
    private final Map<String, Shape> shapes;
    private final Unit[] units;
    private final Knowledge knowledge;
    private final Contexts contexts;

    Program(
            String digest,
            Numbers numbers,
            Map<String, Shape> shapes,
            Unit[] units,
            Knowledge knowledge,
            Contexts contexts) {
        this.digest = digest;
        this.numbers = numbers;
        this.shapes = shapes;
        this.units = units;
        this.knowledge = knowledge;
        this.contexts = contexts;
    }

    /** Reads the bytes that the compiler wrote; strict, because skipping what is not understood would validate less. */
    public static Program read(byte[] json) throws ProgramException {
        throw new UnsupportedOperationException();
    }

    /** {@code sha256:} and 64 hex digits, of exactly the bytes that were read. */
    public String digest() {
        return digest;
    }

    public Numbers numbers() {
        return numbers;
    }

    /** By label, in the order of the labels. */
    public Map<String, Shape> shapes() {
        return shapes;
    }

    /** All units, in the order of their keys; not to be changed. */
    public Unit[] units() {
        return units;
    }

    public Knowledge knowledge() {
        return knowledge;
    }

    public Contexts contexts() {
        return contexts;
    }

    /** What concerns an entity of these types (or of their superclasses). */
    public TypePlan plan(String[] types) {
        throw new UnsupportedOperationException();
    }
}
