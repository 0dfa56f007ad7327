package org.flinkjobrunner.validator.batch;

import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFFormat;
import org.apache.jena.sparql.graph.GraphFactory;
import org.apache.jena.vocabulary.RDF;
import org.flinkjobrunner.validator.shapes.AlternativePath;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.InversePath;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.shapes.PredicatePath;
import org.flinkjobrunner.validator.shapes.PropertyPath;
import org.flinkjobrunner.validator.shapes.RepeatedPath;
import org.flinkjobrunner.validator.shapes.SequencePath;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.term.BlankNode;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;

/** Writes the results as a SHACL validation report in Turtle. */
final class TurtleReport {
    private final Graph graph = GraphFactory.createDefaultGraph();
    private final Map<String, Node> blankNodes = new HashMap<>();

    private TurtleReport() {}

    static void write(List<Result> results, OutputStream out) {
        TurtleReport report = new TurtleReport();
        report.graph.getPrefixMapping().setNsPrefix("sh", Constraint.SH).setNsPrefix("xsd", Xsd.NS);
        report.add(results);
        RDFDataMgr.write(out, report.graph, RDFFormat.TURTLE_PRETTY);
    }

    private void add(List<Result> results) {
        Node report = NodeFactory.createBlankNode();
        add(report, RDF.type.asNode(), sh("ValidationReport"));
        add(report, sh("conforms"), NodeFactory.createLiteralByValue(results.isEmpty()));
        for (Result result : results) {
            Node node = NodeFactory.createBlankNode();
            add(report, sh("result"), node);
            add(node, result);
        }
    }

    private void add(Node node, Result result) {
        Shape shape = result.shape();
        add(node, RDF.type.asNode(), sh("ValidationResult"));
        add(node, sh("focusNode"), node(result.focusNode()));
        if (result.path() != null) {
            add(node, sh("resultPath"), path(result.path()));
        }
        if (result.value() != null) {
            add(node, sh("value"), node(result.value()));
        }
        add(
                node,
                sh("sourceShape"),
                shape.iri() == null ? blankNode(shape.label()) : NodeFactory.createURI(shape.iri()));
        add(
                node,
                sh("sourceConstraintComponent"),
                NodeFactory.createURI(result.constraint().componentIri()));
        add(node, sh("resultSeverity"), NodeFactory.createURI(shape.severity()));
        for (Message message : shape.messagesFor(result.constraint())) {
            add(node, sh("resultMessage"), message(message));
        }
    }

    private void add(Node subject, Node predicate, Node object) {
        graph.add(subject, predicate, object);
    }

    private static Node sh(String name) {
        return NodeFactory.createURI(Constraint.SH + name);
    }

    private static Node message(Message message) {
        return message.language() == null
                ? NodeFactory.createLiteralString(message.value())
                : NodeFactory.createLiteralLang(message.value(), message.language());
    }

    private Node node(Term term) {
        if (term instanceof Iri iri) {
            return NodeFactory.createURI(iri.value());
        }
        if (term instanceof BlankNode node) {
            return blankNode(node.label());
        }
        Literal literal = (Literal) term;
        return literal.language() == null
                ? NodeFactory.createLiteralDT(literal.lexical(), NodeFactory.getType(literal.datatype()))
                : NodeFactory.createLiteralLang(literal.lexical(), literal.language());
    }

    /** Each result has nodes of its own for a path that is no predicate. */
    private Node path(PropertyPath path) {
        if (path instanceof PredicatePath predicate) {
            return NodeFactory.createURI(predicate.predicate());
        }
        if (path instanceof SequencePath sequence) {
            return list(sequence.steps());
        }
        Node node = NodeFactory.createBlankNode();
        if (path instanceof InversePath inverse) {
            add(node, sh("inversePath"), path(inverse.path()));
        } else if (path instanceof AlternativePath alternative) {
            add(node, sh("alternativePath"), list(alternative.alternatives()));
        } else if (path instanceof RepeatedPath repeated) {
            add(node, sh(repeated.times().text() + "Path"), path(repeated.path()));
        }
        return node;
    }

    private Node list(List<PropertyPath> paths) {
        Node list = RDF.nil.asNode();
        for (int i = paths.size() - 1; i >= 0; i--) {
            Node cell = NodeFactory.createBlankNode();
            add(cell, RDF.first.asNode(), path(paths.get(i)));
            add(cell, RDF.rest.asNode(), list);
            list = cell;
        }
        return list;
    }

    private Node blankNode(String label) {
        return blankNodes.computeIfAbsent(label, known -> NodeFactory.createBlankNode());
    }
}
