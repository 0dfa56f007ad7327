package org.flinkjobrunner.validator.batch;

import com.apicatalog.rdf.api.RdfQuadConsumer;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;

/** Takes what the JSON-LD processor makes of a document. */
final class JsonLdQuads implements RdfQuadConsumer {
    /** Marks a plain number on its way through the processor; never seen outside. */
    static final String PLAIN_NUMBER = "urn:flinkjobrunner:json-number";

    private final String file;
    private final Limits limits;
    private final Numbers numbers;
    private final BlankNodes blankNodes;
    private final TripleGraph.Builder graph;
    private long triples;
    /** What stops the reading at the next opportunity, or null. */
    private DataException refused;

    JsonLdQuads(String file, int fileNumber, Limits limits, Numbers numbers, TripleGraph.Builder graph) {
        this.file = file;
        this.limits = limits;
        this.numbers = numbers;
        this.blankNodes = new BlankNodes(fileNumber);
        this.graph = graph;
    }

    /** How many triples were taken. */
    long finish() throws DataException {
        if (refused != null) {
            throw refused;
        }
        return triples;
    }

    @Override
    public RdfQuadConsumer quad(
            String subject,
            String predicate,
            String object,
            String datatype,
            String language,
            String direction,
            String namedGraph) {
        if (refused != null) {
            return this;
        }
        if (namedGraph != null) {
            refused = new DataException(Diagnostic.ofFile(
                    "named-graph", file, "the document has named graphs", "put everything into the default graph"));
            return this;
        }
        try {
            limits.countTriple(++triples, file);
            graph.add(
                    resource(subject),
                    predicate,
                    datatype == null && language == null ? resource(object) : literal(object, datatype, language));
        } catch (DataException e) {
            refused = e;
        }
        return this;
    }

    private Term resource(String value) {
        return RdfQuadConsumer.isBlank(value) ? blankNodes.of(value) : new Iri(value);
    }

    private Literal literal(String lexical, String datatype, String language) {
        if (PLAIN_NUMBER.equals(datatype)) {
            return numbers.literal(lexical);
        }
        return language == null ? Literal.of(lexical, datatype) : Literal.lang(lexical, language);
    }
}
