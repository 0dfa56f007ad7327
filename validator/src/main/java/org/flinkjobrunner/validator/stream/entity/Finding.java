package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.shapes.PropertyPath;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.TermJson;
import org.flinkjobrunner.validator.term.TermOrder;
import org.flinkjobrunner.validator.wire.Alert;

/** All that one constraint finds wrong at one focus node: an alert in the making. */
final class Finding {
    static final Comparator<Finding> ORDER = Comparator.comparing(Finding::standing);

    private final Standing standing;
    private final Unit unit;
    private final Term focusNode;
    private final Shape shape;
    private final Constraint constraint;
    private final PropertyPath path;
    /** A shape may be reached in several ways, and then finds the same again. */
    private final Set<Term> values = new LinkedHashSet<>(2);

    Finding(Standing standing, Unit unit, Term focusNode, Shape shape, Constraint constraint, PropertyPath path) {
        this.standing = standing;
        this.unit = unit;
        this.focusNode = focusNode;
        this.shape = shape;
        this.constraint = constraint;
        this.path = path;
    }

    Standing standing() {
        return standing;
    }

    void add(Term value) {
        if (value != null) {
            values.add(value);
        }
    }

    void addAll(Finding other) {
        values.addAll(other.values);
    }

    boolean isOf(
            Unit otherUnit, Term otherFocus, Shape otherShape, Constraint otherConstraint, PropertyPath otherPath) {
        return constraint == otherConstraint
                && path == otherPath
                && shape == otherShape
                && unit == otherUnit
                && focusNode.equals(otherFocus);
    }

    Alert alert(EntityDocument entity, String program) {
        List<Term> sorted = new ArrayList<>(values);
        sorted.sort(TermOrder.INSTANCE);
        Attribute attribute = attribute(focusNode);
        return new Alert(
                entity.id(),
                List.of(entity.types()),
                attribute == null ? List.of() : attribute.path(),
                TermJson.nodeText(focusNode),
                path == null ? null : path.text(),
                shape.label(),
                constraint.componentIri(),
                shape.severity(),
                List.copyOf(sorted.subList(0, Math.min(sorted.size(), Alert.MOST_VALUES))),
                values.size(),
                shape.messagesFor(constraint),
                program);
    }

    /** The attribute that a focus node is, or is inside of; null for the entity itself. */
    static Attribute attribute(Term focusNode) {
        if (focusNode instanceof Attribute attribute) {
            return attribute;
        }
        return focusNode instanceof StructuredNode node ? node.attribute() : null;
    }

    /** What makes an alert worth telling again when it differs. */
    static long fingerprint(Shape shape, Constraint constraint) {
        long hash = mixed(17, shape.severity());
        for (Message message : shape.messagesFor(constraint)) {
            hash = mixed(mixed(hash, message.value()), message.language());
        }
        return hash;
    }

    /** Of the characters and their number: the same in every run, which a fingerprint in a checkpoint must be. */
    private static long mixed(long hash, String text) {
        long next = hash * 31 + (text == null ? -1 : text.length());
        for (int i = 0; text != null && i < text.length(); i++) {
            next = (next ^ text.charAt(i)) * 0x100000001B3L;
        }
        return next;
    }
}
