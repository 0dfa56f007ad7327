package org.flinkjobrunner.validator.term;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** The JSON form of terms, in programs and in everything written: {@code {"@id"}}, {@code {"@value","@type"|"@language"}}. */
public final class TermJson {
    private TermJson() {}

    /** @throws IllegalArgumentException when the node is not a term */
    public static Term read(JsonNode node) {
        String id = text(node, "@id");
        String value = text(node, "@value");
        String type = text(node, "@type");
        String language = text(node, "@language");
        if (id != null && node.size() == 1) {
            return id.startsWith("_:") ? new NamedBlankNode(id) : new Iri(id);
        }
        if (value != null && type != null && node.size() == 2) {
            return Literal.of(value, type);
        }
        if (value != null && language != null && node.size() == 2) {
            return Literal.lang(value, language);
        }
        throw new IllegalArgumentException("not a term: " + node);
    }

    public static void write(JsonGenerator json, Term term) throws IOException {
        json.writeStartObject();
        if (term instanceof Iri iri) {
            json.writeStringField("@id", iri.value());
        } else if (term instanceof BlankNode node) {
            json.writeStringField("@id", node.label());
        } else if (term instanceof Literal literal) {
            json.writeStringField("@value", literal.lexical());
            if (literal.language() == null) {
                json.writeStringField("@type", literal.datatype());
            } else {
                json.writeStringField("@language", literal.language());
            }
        }
        json.writeEndObject();
    }

    /** A node where only a string fits: an IRI as it is, a blank node's label, a literal (a focus node may be one) as in N-Triples. */
    public static String nodeText(Term node) {
        if (node instanceof Iri iri) {
            return iri.value();
        }
        return node instanceof BlankNode blankNode ? blankNode.label() : node.toString();
    }

    private static String text(JsonNode node, String name) {
        JsonNode child = node.get(name);
        return child != null && child.isTextual() ? child.textValue() : null;
    }
}
