package org.flinkjobrunner.validator.wire;

import java.util.Set;
import org.flinkjobrunner.validator.program.TermDefinition;

/**
 * What a name means under a context.
 *
 * @param iri       an IRI or a keyword; null when it means nothing that RDF could say
 * @param type      what its strings are: {@code @id}, {@code @vocab}, {@code @json} or a datatype; may be null
 * @param container of JSON-LD; mostly empty
 */
record Meaning(String iri, Member member, String type, Set<String> container) {
    static final Meaning PLAIN = of("urn:plain");

    static Meaning of(String iri) {
        return iri.startsWith("@") || Iris.isAbsolute(iri)
                ? new Meaning(iri, Member.of(iri), null, Set.of())
                : new Meaning(null, Member.ATTRIBUTE, null, Set.of());
    }

    static Meaning of(TermDefinition term) {
        String type = "@none".equals(term.type()) ? null : term.type();
        return new Meaning(term.id(), Member.of(term.id()), type, term.container());
    }

    Meaning withType(String otherType) {
        return new Meaning(iri, member, otherType, Set.of());
    }
}
