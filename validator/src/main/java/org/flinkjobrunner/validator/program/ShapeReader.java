package org.flinkjobrunner.validator.program;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.shapes.PropertyPath;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Targets;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.TermOrder;

/** Reads the shapes, each after those nested in it. The order in which they are written means nothing. */
final class ShapeReader {
    private static final Comparator<Constraint> ORDER = Comparator.comparing(
                    (Constraint constraint) -> ConstraintReader.W3C_ORDER.indexOf(constraint.component()))
            .thenComparing(constraint -> constraint.parameterKey() == null ? "" : constraint.parameterKey());

    private final JsonNode shapes;
    private final SortedMap<String, Shape> done = new TreeMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    ShapeReader(JsonNode shapes) {
        this.shapes = shapes;
    }

    SortedMap<String, Shape> read() throws ProgramException {
        if (!shapes.isObject()) {
            throw new ProgramException("program.shapes: expected an object");
        }
        for (Map.Entry<String, JsonNode> shape : shapes.properties()) {
            shape(shape.getKey(), "program.units");
        }
        return done;
    }

    private Shape shape(String label, String user) throws ProgramException {
        Shape known = done.get(label);
        if (known != null) {
            return known;
        }
        JsonNode node = shapes.get(label);
        if (node == null) {
            throw new ProgramException(user + " names the shape \"" + label + "\", which is not in the program");
        }
        if (!open.add(label)) {
            throw new ProgramException("the shape \"" + label + "\" is nested in itself: " + String.join(", ", open));
        }
        Shape shape = shape(label, new Fields(node, "shape \"" + label + "\""));
        open.remove(label);
        done.put(label, shape);
        return shape;
    }

    private Shape shape(String label, Fields fields) throws ProgramException {
        String iri = fields.text("iri");
        PropertyPath path = fields.get("path") == null ? null : PathReader.read(fields.requireObject("path"));
        Targets targets = targets(fields);
        String severity = fields.requireText("severity");
        List<Message> messages = messages(fields);
        Constraint[] constraints = constraints(fields, nested -> shape(nested, fields.place()));
        List<Shape> property = new ArrayList<>();
        for (String nested : fields.texts("property")) {
            property.add(shape(nested, fields.place()));
        }
        fields.end();
        property.sort(Comparator.comparing(Shape::label));
        return new Shape(label, iri, path, targets, severity, messages, constraints, property.toArray(Shape[]::new));
    }

    private static Targets targets(Fields fields) throws ProgramException {
        List<String> classes = new ArrayList<>();
        List<Term> nodes = new ArrayList<>();
        List<String> subjectsOf = new ArrayList<>();
        List<String> objectsOf = new ArrayList<>();
        for (Fields target : fields.objects("targets")) {
            if (target.get("node") != null) {
                nodes.add(target.requireTerm("node"));
            } else if (target.get("subjectsOf") != null) {
                subjectsOf.add(target.requireText("subjectsOf"));
            } else if (target.get("objectsOf") != null) {
                objectsOf.add(target.requireText("objectsOf"));
            } else {
                classes.add(target.requireText("class"));
            }
            target.end();
        }
        classes.sort(null);
        nodes.sort(TermOrder.INSTANCE);
        subjectsOf.sort(null);
        objectsOf.sort(null);
        return new Targets(List.copyOf(classes), List.copyOf(nodes), List.copyOf(subjectsOf), List.copyOf(objectsOf));
    }

    private static List<Message> messages(Fields fields) throws ProgramException {
        List<Message> messages = new ArrayList<>();
        for (Fields message : fields.objects("messages")) {
            messages.add(new Message(message.requireText("@value"), message.text("@language")));
            message.end();
        }
        messages.sort(Comparator.comparing(Message::value)
                .thenComparing(message -> message.language() == null ? "" : message.language()));
        return List.copyOf(messages);
    }

    private static Constraint[] constraints(Fields fields, ConstraintReader.Resolver shapes) throws ProgramException {
        List<Fields> written = fields.objects("constraints");
        String declared = null;
        for (Fields constraint : written) {
            if ("Datatype".equals(constraint.text("component"))) {
                declared = constraint.requireText("datatype");
            }
        }
        List<Constraint> constraints = new ArrayList<>();
        for (Fields constraint : written) {
            constraints.add(ConstraintReader.read(constraint, declared, shapes));
        }
        constraints.sort(ORDER);
        return constraints.toArray(Constraint[]::new);
    }
}
