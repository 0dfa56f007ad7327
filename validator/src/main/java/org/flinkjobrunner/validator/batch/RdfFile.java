package org.flinkjobrunner.validator.batch;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.system.ErrorHandler;
import org.apache.jena.riot.system.StreamRDFBase;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** Reads Turtle and N-Triples. */
final class RdfFile {
    private RdfFile() {}

    static void read(String file, byte[] content, Lang lang, int fileNumber, Limits limits, TripleGraph.Builder graph)
            throws DataException {
        Sink sink = new Sink(file, new BlankNodes(fileNumber), limits, graph);
        try {
            RDFParser.create()
                    .source(new ByteArrayInputStream(content))
                    .lang(lang)
                    .base(Path.of(file).toUri().toString())
                    .errorHandler(new Errors(file))
                    .parse(sink);
        } catch (Stopped e) {
            throw e.reason;
        } catch (RiotException e) {
            throw new DataException(syntaxError(file, null, null, e.getMessage()));
        }
    }

    private static Diagnostic syntaxError(String file, Long line, Long column, String message) {
        return new Diagnostic("syntax-error", file, line, column, null, message, "correct the file");
    }

    /** Carries a refusal through the parser, which knows no checked exceptions. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient DataException reason;

        Stopped(DataException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /** Ill-typed literals are only warned of by the parser: whether they may be is for the shapes to say. */
    private record Errors(String file) implements ErrorHandler {
        @Override
        public void warning(String message, long line, long column) {
            // not an error of syntax
        }

        @Override
        public void error(String message, long line, long column) {
            throw stop(message, line, column);
        }

        @Override
        public void fatal(String message, long line, long column) {
            throw stop(message, line, column);
        }

        private Stopped stop(String message, long line, long column) {
            return new Stopped(
                    new DataException(syntaxError(file, line < 0 ? null : line, column < 0 ? null : column, message)));
        }
    }

    private static final class Sink extends StreamRDFBase {
        private final String file;
        private final BlankNodes blankNodes;
        private final Limits limits;
        private final TripleGraph.Builder graph;
        private long triples;

        Sink(String file, BlankNodes blankNodes, Limits limits, TripleGraph.Builder graph) {
            this.file = file;
            this.blankNodes = blankNodes;
            this.limits = limits;
            this.graph = graph;
        }

        @Override
        public void triple(Triple triple) {
            try {
                limits.countTriple(++triples, file);
            } catch (DataException e) {
                throw new Stopped(e);
            }
            graph.add(term(triple.getSubject()), triple.getPredicate().getURI(), term(triple.getObject()));
        }

        private Term term(Node node) {
            if (node.isURI()) {
                return new Iri(node.getURI());
            }
            if (node.isBlank()) {
                return blankNodes.of(node);
            }
            if (!node.isLiteral()) {
                String message = "RDF-star is not supported: " + node;
                throw new Stopped(new DataException(
                        Diagnostic.ofFile("unsupported-term", file, message, "use plain RDF triples")));
            }
            return node.getLiteralLanguage().isEmpty()
                    ? Literal.of(node.getLiteralLexicalForm(), node.getLiteralDatatypeURI())
                    : Literal.lang(node.getLiteralLexicalForm(), node.getLiteralLanguage());
        }
    }
}
