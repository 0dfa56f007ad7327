package org.flinkjobrunner.validator.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.shapes.AndConstraintComponent;
import org.flinkjobrunner.validator.shapes.ClassConstraintComponent;
import org.flinkjobrunner.validator.shapes.ClosedConstraintComponent;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.DatatypeConstraintComponent;
import org.flinkjobrunner.validator.shapes.DisjointConstraintComponent;
import org.flinkjobrunner.validator.shapes.EqualsConstraintComponent;
import org.flinkjobrunner.validator.shapes.HasValueConstraintComponent;
import org.flinkjobrunner.validator.shapes.InConstraintComponent;
import org.flinkjobrunner.validator.shapes.LanguageInConstraintComponent;
import org.flinkjobrunner.validator.shapes.LessThanConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxCountConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxExclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxInclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MaxLengthConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinCountConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinExclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinInclusiveConstraintComponent;
import org.flinkjobrunner.validator.shapes.MinLengthConstraintComponent;
import org.flinkjobrunner.validator.shapes.NodeConstraintComponent;
import org.flinkjobrunner.validator.shapes.NodeKind;
import org.flinkjobrunner.validator.shapes.NodeKindConstraintComponent;
import org.flinkjobrunner.validator.shapes.NotConstraintComponent;
import org.flinkjobrunner.validator.shapes.OrConstraintComponent;
import org.flinkjobrunner.validator.shapes.PatternConstraintComponent;
import org.flinkjobrunner.validator.shapes.QualifiedValueShapeConstraint;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.UniqueLangConstraintComponent;
import org.flinkjobrunner.validator.shapes.XoneConstraintComponent;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** Reads constraints: a table from the component's name to its maker. */
final class ConstraintReader {
    /** Makes one component of its parameters. */
    @FunctionalInterface
    private interface Maker {
        Constraint make(Fields parameters, String declaredDatatype, Resolver shapes) throws ProgramException;
    }

    /** The shape with a label. */
    @FunctionalInterface
    interface Resolver {
        Shape shape(String label) throws ProgramException;
    }

    private static final Map<String, Maker> MAKERS = Map.ofEntries(
            Map.entry("Class", (p, d, s) -> new ClassConstraintComponent(p.requireText("class"))),
            Map.entry("Datatype", (p, d, s) -> new DatatypeConstraintComponent(p.requireText("datatype"))),
            Map.entry("NodeKind", (p, d, s) -> new NodeKindConstraintComponent(nodeKind(p))),
            Map.entry("MinCount", (p, d, s) -> new MinCountConstraintComponent(p.requireCount("minCount"))),
            Map.entry("MaxCount", (p, d, s) -> new MaxCountConstraintComponent(p.requireCount("maxCount"))),
            Map.entry("MinExclusive", (p, d, s) -> new MinExclusiveConstraintComponent(limit(p))),
            Map.entry("MinInclusive", (p, d, s) -> new MinInclusiveConstraintComponent(limit(p))),
            Map.entry("MaxExclusive", (p, d, s) -> new MaxExclusiveConstraintComponent(limit(p))),
            Map.entry("MaxInclusive", (p, d, s) -> new MaxInclusiveConstraintComponent(limit(p))),
            Map.entry("MinLength", (p, d, s) -> new MinLengthConstraintComponent(p.requireCount("minLength"))),
            Map.entry("MaxLength", (p, d, s) -> new MaxLengthConstraintComponent(p.requireCount("maxLength"))),
            Map.entry("Pattern", (p, d, s) -> pattern(p)),
            Map.entry("LanguageIn", (p, d, s) -> new LanguageInConstraintComponent(p.requireTexts("languageIn"))),
            Map.entry("UniqueLang", (p, d, s) -> new UniqueLangConstraintComponent()),
            Map.entry("Equals", (p, d, s) -> new EqualsConstraintComponent(p.requireText("equals"))),
            Map.entry("Disjoint", (p, d, s) -> new DisjointConstraintComponent(p.requireText("disjoint"))),
            Map.entry("LessThan", (p, d, s) -> LessThanConstraintComponent.strict(p.requireText("lessThan"))),
            Map.entry(
                    "LessThanOrEquals",
                    (p, d, s) -> LessThanConstraintComponent.orEquals(p.requireText("lessThanOrEquals"))),
            Map.entry("Not", (p, d, s) -> new NotConstraintComponent(s.shape(p.requireText("not")))),
            Map.entry("And", (p, d, s) -> new AndConstraintComponent(shapes(p, "and", s))),
            Map.entry("Or", (p, d, s) -> new OrConstraintComponent(shapes(p, "or", s))),
            Map.entry("Xone", (p, d, s) -> new XoneConstraintComponent(shapes(p, "xone", s))),
            Map.entry("Node", (p, d, s) -> new NodeConstraintComponent(s.shape(p.requireText("node")))),
            Map.entry(
                    "QualifiedMinCount",
                    (p, d, s) -> QualifiedValueShapeConstraint.min(
                            p.requireCount("qualifiedMinCount"),
                            s.shape(p.requireText("qualifiedValueShape")),
                            shapes(p, "siblings", s))),
            Map.entry(
                    "QualifiedMaxCount",
                    (p, d, s) -> QualifiedValueShapeConstraint.max(
                            p.requireCount("qualifiedMaxCount"),
                            s.shape(p.requireText("qualifiedValueShape")),
                            shapes(p, "siblings", s))),
            Map.entry("Closed", (p, d, s) -> new ClosedConstraintComponent(p.requireTexts("allowed"))),
            Map.entry("HasValue", (p, d, s) -> new HasValueConstraintComponent(p.requireTerm("value"), d)),
            Map.entry("In", (p, d, s) -> new InConstraintComponent(p.requireTerms("in"), d)));

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
            "LanguageIn",
            "UniqueLang",
            "Equals",
            "Disjoint",
            "LessThan",
            "LessThanOrEquals",
            "Not",
            "And",
            "Or",
            "Xone",
            "Node",
            "QualifiedMinCount",
            "QualifiedMaxCount",
            "Closed",
            "HasValue",
            "In");

    private ConstraintReader() {}

    static Constraint read(Fields constraint, String declaredDatatype, Resolver shapes) throws ProgramException {
        String component = constraint.requireText("component");
        Maker maker = MAKERS.get(component);
        if (maker == null) {
            throw new ProgramException(constraint.place() + ": the constraint component \"" + component
                    + "\" is not known to this validator: compile the shapes with its version");
        }
        Constraint made = maker.make(constraint, declaredDatatype, shapes);
        constraint.end();
        return made;
    }

    private static Shape[] shapes(Fields parameters, String name, Resolver shapes) throws ProgramException {
        List<Shape> read = new ArrayList<>();
        for (String label : parameters.requireTexts(name)) {
            read.add(shapes.shape(label));
        }
        return read.toArray(Shape[]::new);
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
