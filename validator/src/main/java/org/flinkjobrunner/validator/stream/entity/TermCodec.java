package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;

/** The values of attributes as bytes. */
final class TermCodec {
    private static final int IRI = 0;
    private static final int NUMBER = 1;
    private static final int STRING = 2;
    private static final int BOOLEAN = 3;
    private static final int TYPED = 4;
    private static final int LANGUAGE = 5;
    private static final int NODE = 6;
    private static final int LIST = 7;

    private static final String XSD = "http://www.w3.org/2001/XMLSchema#";
    private static final String XSD_STRING = XSD + "string";
    private static final String XSD_BOOLEAN = XSD + "boolean";

    private TermCodec() {}

    static void write(List<Term> terms, Packer out) {
        out.number(terms.size());
        for (Term term : terms) {
            write(term, out);
        }
    }

    private static void write(Term term, Packer out) {
        if (term instanceof Literal literal) {
            write(literal, out);
        } else if (term instanceof Iri iri) {
            out.one(IRI);
            out.text(iri.value());
        } else if (term instanceof StructuredNode node) {
            if (Lists.isCell(node)) {
                List<Term> items = new ArrayList<>();
                Term rest = Lists.items(node, items);
                out.one(LIST);
                write(items, out);
                write(rest, out);
            } else {
                out.one(NODE);
                write(node.properties(), out);
            }
        } else {
            throw new IllegalStateException("no attribute has such a value: " + term.getClass());
        }
    }

    private static void write(Map<String, List<Term>> properties, Packer out) {
        out.number(properties.size());
        for (Map.Entry<String, List<Term>> property : properties.entrySet()) {
            out.text(property.getKey());
            write(property.getValue(), out);
        }
    }

    private static void write(Literal literal, Packer out) {
        if (literal.jsonNumber()) {
            out.one(NUMBER);
            out.text(literal.lexical());
        } else if (literal.language() != null) {
            out.one(LANGUAGE);
            out.text(literal.lexical());
            out.text(literal.language());
        } else if (literal.datatype().equals(XSD_STRING)) {
            out.one(STRING);
            out.text(literal.lexical());
        } else if (literal.datatype().equals(XSD_BOOLEAN)) {
            out.one(BOOLEAN);
            out.text(literal.lexical());
        } else {
            out.one(TYPED);
            out.text(literal.lexical());
            out.text(literal.datatype());
        }
    }

    static List<Term> read(Unpacker in) {
        int size = in.length();
        if (size == 1) {
            return List.of(readOne(in));
        }
        List<Term> terms = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            terms.add(readOne(in));
        }
        return terms;
    }

    private static Term readOne(Unpacker in) {
        int kind = in.one();
        return switch (kind) {
            case IRI -> new Iri(in.text());
            case NUMBER -> Numbers.DECLARED.literal(in.text());
            case STRING -> Literal.of(in.text(), XSD_STRING);
            case BOOLEAN -> Literal.of(in.sharedText(), XSD_BOOLEAN);
            case TYPED -> {
                String lexical = in.text();
                yield Literal.of(lexical, in.sharedText());
            }
            case LANGUAGE -> {
                String lexical = in.text();
                yield Literal.lang(lexical, in.sharedText());
            }
            case NODE -> new StructuredNode(readProperties(in));
            case LIST -> {
                List<Term> items = read(in);
                yield Lists.of(items, readOne(in));
            }
            default -> throw new IllegalStateException("no value has the kind " + kind);
        };
    }

    private static Map<String, List<Term>> readProperties(Unpacker in) {
        int size = in.length();
        Map<String, List<Term>> properties = new HashMap<>(size * 2);
        for (int i = 0; i < size; i++) {
            String predicate = in.sharedText();
            properties.put(predicate, read(in));
        }
        return properties;
    }
}
