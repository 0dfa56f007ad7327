package org.flinkjobrunner.validator.stream.entity;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.stream.io.Bytes;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;

/** The values of attributes as bytes. */
final class TermCodec {
    private static final int IRI = 0;
    private static final int NUMBER = 1;
    private static final int TYPED = 2;
    private static final int LANGUAGE = 3;
    private static final int NODE = 4;

    private TermCodec() {}

    static void write(List<Term> terms, DataOutput out) throws IOException {
        Bytes.writeLength(terms.size(), out);
        for (Term term : terms) {
            write(term, out);
        }
    }

    private static void write(Term term, DataOutput out) throws IOException {
        if (term instanceof Iri iri) {
            out.writeByte(IRI);
            Bytes.writeText(iri.value(), out);
        } else if (term instanceof Literal literal) {
            write(literal, out);
        } else if (term instanceof StructuredNode node) {
            out.writeByte(NODE);
            Bytes.writeLength(node.properties().size(), out);
            for (Map.Entry<String, List<Term>> property : node.properties().entrySet()) {
                Bytes.writeText(property.getKey(), out);
                write(property.getValue(), out);
            }
        } else {
            throw new IllegalStateException("no attribute has such a value: " + term.getClass());
        }
    }

    private static void write(Literal literal, DataOutput out) throws IOException {
        if (literal.jsonNumber()) {
            out.writeByte(NUMBER);
            Bytes.writeText(literal.lexical(), out);
        } else if (literal.language() == null) {
            out.writeByte(TYPED);
            Bytes.writeText(literal.lexical(), out);
            Bytes.writeText(literal.datatype(), out);
        } else {
            out.writeByte(LANGUAGE);
            Bytes.writeText(literal.lexical(), out);
            Bytes.writeText(literal.language(), out);
        }
    }

    static List<Term> read(DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        if (size == 1) {
            return List.of(readOne(in));
        }
        List<Term> terms = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            terms.add(readOne(in));
        }
        return terms;
    }

    private static Term readOne(DataInput in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case IRI -> new Iri(Bytes.readText(in));
            case NUMBER -> Numbers.DECLARED.literal(Bytes.readText(in));
            case TYPED -> {
                String lexical = Bytes.readText(in);
                yield Literal.of(lexical, Names.of(Bytes.readText(in)));
            }
            case LANGUAGE -> {
                String lexical = Bytes.readText(in);
                yield Literal.lang(lexical, Names.of(Bytes.readText(in)));
            }
            case NODE -> {
                int size = Bytes.readLength(in);
                Map<String, List<Term>> properties = new HashMap<>(size * 2);
                for (int i = 0; i < size; i++) {
                    String predicate = Names.of(Bytes.readText(in));
                    properties.put(predicate, read(in));
                }
                yield new StructuredNode(properties);
            }
            default -> throw new IOException("no value has the kind " + kind);
        };
    }
}
