package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;

/** SPARQL's {@code str()}: what the string-based constraints look at. */
final class StringForm {
    private StringForm() {}

    /** @return null for a blank node, which has none */
    static String of(Term value, Shape shape) {
        if (value instanceof Literal literal) {
            return literal.typed(shape.declaredDatatype()).lexical();
        }
        return value instanceof Iri iri ? iri.value() : null;
    }

    /** Length in code points: an emoji is one, not two. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
