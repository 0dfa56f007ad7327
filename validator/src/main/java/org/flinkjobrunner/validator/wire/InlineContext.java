package org.flinkjobrunner.validator.wire;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.program.TermDefinition;

/** A context that a document brings with it: flat, as those that programs bundle. */
final class InlineContext {
    private static final int MAX_TERMS = 1_000;
    private static final int MAX_REFERENCES = 50;
    private static final Set<String> HARMLESS = Set.of("@version", "@protected", "@propagate");
    private static final Set<String> OF_A_TERM = Set.of("@id", "@type", "@container", "@protected", "@prefix");
    private static final Set<String> TYPES = Set.of("@id", "@vocab", "@json", "@none");

    private final Map<String, Object> written;
    private final Map<String, TermDefinition> terms;
    private final Place place;
    private final Set<String> open = new LinkedHashSet<>();
    private final Set<String> done = new HashSet<>();
    private String vocab;

    /** @param terms what is known so far; takes the definitions */
    InlineContext(Map<String, Object> written, Map<String, TermDefinition> terms, String vocab, Place place) {
        this.written = written;
        this.terms = terms;
        this.vocab = vocab;
        this.place = place;
    }

    /** @return the vocabulary from here on */
    String add() throws RecordRefused {
        if (written.size() > MAX_TERMS) {
            throw refuse("defines more than " + MAX_TERMS + " terms", "deploy it as a context of its own");
        }
        for (Map.Entry<String, Object> member : written.entrySet()) {
            String name = member.getKey();
            if (name.startsWith("@") && !HARMLESS.contains(name) && !name.equals("@vocab")) {
                if (member.getValue() != null) {
                    throw refuse("uses " + Excerpt.of(name), "state the IRIs of its terms in full instead");
                }
            }
        }
        if (written.containsKey("@vocab")) {
            Object given = written.get("@vocab");
            vocab = given == null ? null : expanded(given, "@vocab");
        }
        for (String name : written.keySet()) {
            if (!name.startsWith("@")) {
                define(name);
            }
        }
        return vocab;
    }

    private void define(String name) throws RecordRefused {
        if (done.contains(name)) {
            return;
        }
        if (!open.add(name) || open.size() > MAX_REFERENCES) {
            throw refuse("defines \"" + Excerpt.of(name) + "\" by itself", "give it an absolute IRI");
        }
        Object definition = written.get(name);
        if (definition == null) {
            terms.remove(name);
        } else if (definition instanceof Map) {
            terms.put(name, term(name, Json.object(definition)));
        } else {
            terms.put(name, new TermDefinition(expanded(definition, name), null, Set.of()));
        }
        open.remove(name);
        done.add(name);
    }

    private TermDefinition term(String name, Map<String, Object> definition) throws RecordRefused {
        for (String member : definition.keySet()) {
            if (!OF_A_TERM.contains(member)) {
                throw refuse(
                        "uses " + Excerpt.of(member) + " in \"" + Excerpt.of(name) + "\"",
                        "a flat context of terms is needed");
            }
        }
        String id = expanded(definition.getOrDefault("@id", name), name);
        Object type = definition.get("@type");
        String coercion = type == null ? null : TYPES.contains(type) ? (String) type : expanded(type, name);
        return new TermDefinition(id, coercion, containers(name, definition.get("@container")));
    }

    private Set<String> containers(String name, Object container) throws RecordRefused {
        Set<String> containers = new HashSet<>();
        for (Object each :
                container instanceof List<?> several ? several : List.of(container == null ? "" : container)) {
            if (!(each instanceof String text)) {
                throw refuse("has an @container that is no name in \"" + Excerpt.of(name) + "\"", null);
            }
            if (!text.isEmpty()) {
                containers.add(text);
            }
        }
        return Set.copyOf(containers);
    }

    private String expanded(Object value, String name) throws RecordRefused {
        if (!(value instanceof String text)) {
            throw refuse("maps \"" + Excerpt.of(name) + "\" to " + Excerpt.of(value), "an IRI is expected");
        }
        if (text.startsWith("@")) {
            return text;
        }
        int colon = text.indexOf(':');
        if (colon > 0 && !text.startsWith("//", colon + 1)) {
            TermDefinition prefix = known(text.substring(0, colon), name);
            if (prefix != null) {
                return checked(prefix.id() + text.substring(colon + 1), name);
            }
        }
        TermDefinition same = known(text, name);
        return checked(same != null ? same.id() : colon < 0 && vocab != null ? vocab + text : text, name);
    }

    private TermDefinition known(String term, String except) throws RecordRefused {
        if (term.equals(except)) {
            return null;
        }
        if (written.get(term) != null && !term.startsWith("@")) {
            define(term);
        }
        return terms.get(term);
    }

    private String checked(String iri, String name) throws RecordRefused {
        if (!Iris.isAbsolute(iri) && !iri.startsWith("@")) {
            throw refuse("maps \"" + Excerpt.of(name) + "\" to " + Excerpt.of(iri), "an absolute IRI is expected");
        }
        return iri;
    }

    private RecordRefused refuse(String what, String hint) {
        return place.refuse("unsupported-context", "the @context " + what, hint);
    }
}
