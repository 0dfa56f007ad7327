package org.flinkjobrunner.validator.wire;

import java.util.HashMap;
import java.util.Map;
import org.flinkjobrunner.validator.program.TermDefinition;

/**
 * One active context: what names mean under it. Equal names give the same {@code String} object again and again. For one
 * thread.
 */
final class Expansion {
    /** Names come from outside: how many are kept, and of which length. */
    private static final int MAX_KEPT = 20_000;

    private static final int MAX_KEPT_LENGTH = 512;
    private static final String GENERIC_DELIMITERS = ":/?#[]@";

    private final Map<String, TermDefinition> terms;
    private final String vocab;
    private final Map<String, Meaning> known = new HashMap<>();

    Expansion(Map<String, TermDefinition> terms, String vocab) {
        this.terms = terms;
        this.vocab = vocab;
    }

    /** Of a member of an object. */
    Meaning member(String name) {
        Meaning meaning = known.get(name);
        if (meaning == null) {
            meaning = resolve(name);
            if (name.length() <= MAX_KEPT_LENGTH) {
                if (known.size() >= MAX_KEPT) {
                    known.clear();
                }
                known.put(name, meaning);
            }
        }
        return meaning;
    }

    /** The IRI of a type, or of a value of a vocabulary; null when the text is neither IRI nor name. */
    String vocabularyIri(String text) {
        String iri = member(text).iri();
        return iri == null || iri.startsWith("@") ? null : iri;
    }

    /** The IRI of a node, which may be compact; null when it is not absolute. */
    String nodeIri(String text) {
        String iri = compact(text);
        iri = iri == null ? text : iri;
        return Iris.isAbsolute(iri) ? iri : null;
    }

    private Meaning resolve(String name) {
        if (name.startsWith("@")) {
            return Meaning.of(name);
        }
        TermDefinition term = terms.get(name);
        if (term != null) {
            return Meaning.of(term);
        }
        String expanded = compact(name);
        if (expanded != null) {
            return Meaning.of(expanded);
        }
        return Meaning.of(name.indexOf(':') > 0 || vocab == null ? name : vocab + name);
    }

    /** @return null when the text is not a compact IRI */
    private String compact(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || text.startsWith("//", colon + 1)) {
            return null;
        }
        TermDefinition prefix = terms.get(text.substring(0, colon));
        return prefix != null && isPrefix(prefix) ? prefix.id() + text.substring(colon + 1) : null;
    }

    /** Only a term that is nothing but an IRI, and one that ends in a delimiter, may begin others. */
    private static boolean isPrefix(TermDefinition term) {
        String id = term.id();
        return term.type() == null
                && term.container().isEmpty()
                && !id.isEmpty()
                && GENERIC_DELIMITERS.indexOf(id.charAt(id.length() - 1)) >= 0;
    }
}
