package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** The six kinds of {@code sh:nodeKind}. */
public enum NodeKind {
    IRI("IRI", true, false, false),
    BLANK_NODE("BlankNode", false, true, false),
    LITERAL("Literal", false, false, true),
    BLANK_NODE_OR_IRI("BlankNodeOrIRI", true, true, false),
    BLANK_NODE_OR_LITERAL("BlankNodeOrLiteral", false, true, true),
    IRI_OR_LITERAL("IRIOrLiteral", true, false, true);

    private final String text;
    private final boolean iri;
    private final boolean blankNode;
    private final boolean literal;

    NodeKind(String text, boolean iri, boolean blankNode, boolean literal) {
        this.text = text;
        this.iri = iri;
        this.blankNode = blankNode;
        this.literal = literal;
    }

    /** The local name in the namespace of SHACL. */
    public String text() {
        return text;
    }

    /** @return the kind of that local name, or null */
    public static NodeKind of(String text) {
        for (NodeKind kind : values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        return null;
    }

    boolean includes(Term term) {
        if (term instanceof Literal) {
            return literal;
        }
        return term instanceof Iri ? iri : blankNode; // asking whether it is a BlankNode, an interface, is slow
    }
}
