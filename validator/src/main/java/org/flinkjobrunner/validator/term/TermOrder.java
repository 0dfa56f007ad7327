package org.flinkjobrunner.validator.term;

import java.util.Comparator;

/** The canonical order of terms in everything that is written: IRIs, blank nodes, literals, each by their text. */
public final class TermOrder implements Comparator<Term> {
    public static final TermOrder INSTANCE = new TermOrder();

    private TermOrder() {}

    @Override
    public int compare(Term left, Term right) {
        int kinds = Integer.compare(kind(left), kind(right));
        if (kinds != 0) {
            return kinds;
        }
        if (left instanceof Literal a && right instanceof Literal b) {
            return compareLiterals(a, b);
        }
        return text(left).compareTo(text(right));
    }

    private static int compareLiterals(Literal left, Literal right) {
        int lexical = left.lexical().compareTo(right.lexical());
        if (lexical != 0) {
            return lexical;
        }
        int datatype = left.datatype().compareTo(right.datatype());
        return datatype != 0 ? datatype : language(left).compareTo(language(right));
    }

    private static String language(Literal literal) {
        return literal.language() == null ? "" : literal.language();
    }

    private static int kind(Term term) {
        return term instanceof Iri ? 0 : term instanceof BlankNode ? 1 : 2;
    }

    private static String text(Term term) {
        return term instanceof Iri iri ? iri.value() : ((BlankNode) term).label();
    }
}
