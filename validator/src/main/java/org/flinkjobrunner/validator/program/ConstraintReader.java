package org.flinkjobrunner.validator.program;

import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.shapes.ClassConstraintComponent;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.DatatypeConstraintComponent;
import org.flinkjobrunner.validator.shapes.HasValueConstraintComponent;
import org.flinkjobrunner.validator.shapes.InConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxCountConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxExclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxInclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxLengthConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinCountConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinExclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinInclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinLengthConstraintComponent;
import org.flinkjobrunner.validator.shapes.NodeKind;
import org.flinkjobrunner.validator.shapes.NodeKindConstraintComponent;
import org.flinkjobrunner.validator.shapes.PatternConstraintComponent;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** Reads constraints: a table from the component's name to its maker. */
final class ConstraintReader {
    /** Makes one component of its parameters. */
    @FunctionalInterface
    private interface Maker {
        Constraint make(Fields parameters, String declaredDatatype) throws ProgramException;
    }

    private static final Map<String, Maker> MAKERS = Map.ofEntries(
            Map.entry("Class", (p, d) -> new ClassConstraintComponent(p.requireText("class"))),
            Map.entry("Datatype", (p, d) -> new DatatypeConstraintComponent(p.requireText("datatype"))),
            Map.entry("NodeKind", (p, d) -> new NodeKindConstraintComponent(nodeKind(p))),
            Map.entry("MinCount", (p, d) -> new MinCountConstraintComponent(p.requireCount("minCount"))),
            Map.entry("MaxCount", (p, d) -> new MaxCountConstraintComponent(p.requireCount("maxCount"))),
            Map.entry("MinExclusive", (p, d) -> new MinExclusiveConstraintComponent(limit(p))),
            Map.entry("MinInclusive", (p, d) -> new MinInclusiveConstraintComponent(limit(p))),
            Map.entry("MaxExclusive", (p, d) -> new MaxExclusiveConstraintComponent(limit(p))),
            Map.entry("MaxInclusive", (p, d) -> new MaxInclusiveConstraintComponent(limit(p))),
            Map.entry("MinLength", (p, d) -> new MinLengthConstraintComponent(p.requireCount("minLength"))),
            Map.entry("MaxLength", (p, d) -> new MaxLengthConstraintComponent(p.requireCount("maxLength"))),
            Map.entry("Pattern", (p, d) -> pattern(p)),
            Map.entry("HasValue", (p, d) -> new HasValueConstraintComponent(p.requireTerm("value"), d)),
            Map.entry("In", (p, d) -> new InConstraintComponent(p.requireTerms("in"), d)));

    /** The order of the specification's chapters. */
    static final List<String> W3C_ORDER = List.of(
            "Class",
            "Datatype",
            "NodeKind",
            "MinCount",
            "MaxCount",
            "MinExclusive",
            "MinInclusive",
            "MaxExclusive",
            "MaxInclusive",
            "MinLength",
            "MaxLength",
            "Pattern",
            "HasValue",
            "In");

    private ConstraintReader() {}

    static Constraint read(Fields constraint, String declaredDatatype) throws ProgramException {
        String component = constraint.requireText("component");
        Maker maker = MAKERS.get(component);
        if (maker == null) {
            throw new ProgramException(constraint.place() + ": the constraint component \"" + component
                    + "\" is not known to this validator: compile the shapes with its version");
        }
        Constraint made = maker.make(constraint, declaredDatatype);
        constraint.end();
        return made;
    }

    private static NodeKind nodeKind(Fields parameters) throws ProgramException {
        String name = parameters.requireText("nodeKind");
        NodeKind kind = NodeKind.of(name);
        if (kind == null) {
            throw new ProgramException(parameters.place() + ": \"" + name + "\" is not a node kind");
        }
        return kind;
    }

    private static Literal limit(Fields parameters) throws ProgramException {
        Term value = parameters.requireTerm("value");
        if (value instanceof Literal literal) {
            return literal;
        }
        throw new ProgramException(parameters.place() + ": a range needs a literal, found " + value);
    }

    private static Constraint pattern(Fields parameters) throws ProgramException {
        String pattern = parameters.requireText("pattern");
        String flags = parameters.text("flags");
        return new PatternConstraintComponent(
                pattern, PatternReader.read(parameters, pattern, flags == null ? "" : flags));
    }
}
