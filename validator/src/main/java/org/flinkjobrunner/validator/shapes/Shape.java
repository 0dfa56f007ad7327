package org.flinkjobrunner.validator.shapes;

import java.util.List;

/** A node shape or, with a path, a property shape. Immutable once the program has been read. */
public final class Shape {
    private final String label;
    private final String iri;
    private final PropertyPath path;
    private final Targets targets;
    private final String severity;
    private final List<Message> messages;
    private final Constraint[] constraints;
    private final Shape[] property;
    private final String declaredDatatype;

    public Shape(
            String label,
            String iri,
            PropertyPath path,
            Targets targets,
            String severity,
            List<Message> messages,
            Constraint[] constraints,
            Shape[] property) {
        this.label = label;
        this.iri = iri;
        this.path = path;
        this.targets = targets;
        this.severity = severity;
        this.messages = messages;
        this.constraints = constraints;
        this.property = property;
        this.declaredDatatype = declaredDatatype(constraints);
    }

    private static String declaredDatatype(Constraint[] constraints) {
        for (Constraint constraint : constraints) {
            if (constraint instanceof DatatypeConstraintComponent declared) {
                return declared.datatype();
            }
        }
        return null;
    }

    /** What {@code sh:datatype} says of the value nodes: the datatype that JSON numbers take; may be null. */
    public String declaredDatatype() {
        return declaredDatatype;
    }

    /** The IRI, or the stable label of an anonymous shape. */
    public String label() {
        return label;
    }

    /** Null for an anonymous shape. */
    public String iri() {
        return iri;
    }

    /** Null for a node shape. */
    public PropertyPath path() {
        return path;
    }

    /** None unless the shape is a root. */
    public Targets targets() {
        return targets;
    }

    public String severity() {
        return severity;
    }

    /** As in the shapes graph; may be empty. */
    public List<Message> messages() {
        return messages;
    }

    /** The shape's messages, or the component's own words when it has none. */
    public List<Message> messagesFor(Constraint constraint) {
        return messages.isEmpty() ? List.of(new Message(constraint.defaultMessage(), null)) : messages;
    }

    /** Not to be changed. */
    public Constraint[] constraints() {
        return constraints;
    }

    /** The nested property shapes; not to be changed. */
    public Shape[] property() {
        return property;
    }
}
