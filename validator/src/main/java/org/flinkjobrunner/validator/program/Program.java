package org.flinkjobrunner.validator.program;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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
    private final Unit[] otherUnits;
    private final Knowledge knowledge;
    private final Contexts contexts;
    private final TypePlans plans;

    Program(
            String digest,
            Numbers numbers,
            SortedMap<String, Shape> shapes,
            Knowledge knowledge,
            Contexts contexts,
            List<IndexedUnit> units) {
        this.digest = digest;
        this.numbers = numbers;
        this.shapes = Collections.unmodifiableMap(shapes);
        this.units = units.stream().map(IndexedUnit::unit).toArray(Unit[]::new);
        this.otherUnits = Arrays.stream(this.units)
                .filter(unit -> !unit.root().targets().areClasses())
                .toArray(Unit[]::new);
        this.knowledge = knowledge;
        this.contexts = contexts;
        this.plans = new TypePlans(units, knowledge);
    }

    /** Reads the bytes that the compiler wrote; strict, because skipping what is not understood would validate less. */
    public static Program read(byte[] json) throws ProgramException {
        return ProgramReader.read(json);
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

    /** Those whose targets are not only classes, so that types alone do not say whom they concern; not to be changed. */
    public Unit[] otherUnits() {
        return otherUnits;
    }

    public Knowledge knowledge() {
        return knowledge;
    }

    public Contexts contexts() {
        return contexts;
    }

    /** What concerns an entity of these types (or of their superclasses) because of them. */
    public TypePlan plan(String[] types) {
        return plans.of(types);
    }
}
