package org.flinkjobrunner.validator.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;

/** Makes RDF terms of values as JSON-LD does, but numbers keep their JSON form. */
final class ValueReader {
    /** Of one document: a list costs some hundred bytes per item, so that a megabyte of them would be too much. */
    private static final int MAX_TERMS = 100_000;

    private static final String RDF_JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*");
    private static final Set<String> KEYED = Set.of("@id", "@type", "@graph");

    private final Place place;
    private Expansion expansion;
    private int terms;

    ValueReader(Place place) {
        this.place = place;
    }

    /** Before each document. */
    void use(Expansion active) {
        expansion = active;
        terms = 0;
    }

    /** @param meaning of the member that has the value */
    List<Term> read(Object json, Meaning meaning) throws RecordRefused {
        if (json instanceof Json.Num || json instanceof Boolean || json instanceof String) {
            return List.of(scalar(json, meaning.type()));
        }
        List<Term> found = new ArrayList<>(2);
        add(json, meaning, found);
        return found;
    }

    private void add(Object json, Meaning meaning, List<Term> to) throws RecordRefused {
        count();
        if (json == null) {
            return;
        }
        if ("@json".equals(meaning.type())) {
            to.add(json(json));
        } else if (meaning.container().contains("@list")) {
            to.add(list(json, meaning));
        } else if (json instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                place.enter(i);
                add(items.get(i), meaning, to);
                place.leave();
            }
        } else if (json instanceof Map) {
            object(Json.object(json), meaning, to);
        } else {
            to.add(scalar(json, meaning.type()));
        }
    }

    static Literal json(Object json) {
        return Literal.of(JsonWriter.canonical(json), RDF_JSON);
    }

    Term list(Object json, Meaning meaning) throws RecordRefused {
        Object given = json;
        if (json instanceof List<?> single && single.size() == 1 && isList(single.get(0))) {
            given = single.get(0); // as expanded JSON-LD has it
        }
        boolean explicit = isList(given);
        Object items = explicit ? Json.object(given).get("@list") : given;
        return list(
                Plain.several(items), meaning, !explicit || meaning.container().contains("@list"));
    }

    private static boolean isList(Object json) {
        return json instanceof Map && Json.object(json).containsKey("@list");
    }

    /** @param nested whether an array among the items is a list in the list; in {@code @list} of its own it is flattened */
    private Term list(List<?> items, Meaning meaning, boolean nested) throws RecordRefused {
        Meaning ofItem = meaning.withType(meaning.type());
        List<Term> found = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            place.enter(i);
            if (nested && items.get(i) instanceof List<?> inner) {
                count();
                found.add(list(inner, ofItem, true));
            } else {
                add(items.get(i), ofItem, found);
            }
            place.leave();
        }
        return StructuredNode.list(found);
    }

    private void count() throws RecordRefused {
        if (++terms > MAX_TERMS) {
            throw place.refuse("too-large", "the values have more than " + MAX_TERMS + " parts", "split the entity");
        }
    }

    private Term scalar(Object json, String type) throws RecordRefused {
        if (json instanceof String text) {
            if (type == null) {
                return Literal.string(text);
            }
            return switch (type) {
                case "@id" -> new Iri(iri(text, expansion.nodeIri(text)));
                case "@vocab" -> new Iri(iri(text, expansion.vocabularyIri(text)));
                case "@json" -> json(json);
                default -> Literal.of(text, type);
            };
        }
        boolean typed = type != null && !type.startsWith("@");
        if (json instanceof Json.Num number) {
            Literal plain = Numbers.DECLARED.literal(number.text());
            return typed ? Literal.of(lexical(number, plain, type), type) : plain;
        }
        return "@json".equals(type) ? json(json) : Literal.of(json.toString(), typed ? type : Xsd.BOOLEAN);
    }

    /** JSON-LD writes numbers with a datatype in its own canonical form. */
    private static String lexical(Json.Num number, Literal plain, String type) {
        boolean whole = plain.datatype().equals(Xsd.INTEGER) && !type.equals(Xsd.DOUBLE);
        return (whole ? Numbers.JSON_LD : Numbers.DOUBLE).literal(number.text()).lexical();
    }

    private String iri(String text, String expanded) throws RecordRefused {
        if (expanded == null) {
            throw place.refuse("invalid-iri", Excerpt.of(text) + " is not an absolute IRI", null);
        }
        return expanded;
    }

    private void object(Map<String, Object> object, Meaning meaning, List<Term> to) throws RecordRefused {
        boolean expanded = object.containsKey("@value") || object.containsKey("@list") || object.containsKey("@id");
        if (!expanded && meaning.container().contains("@language")) {
            languageMap(object, to);
            return;
        }
        if (!expanded && meaning.container().contains("@index")) {
            add(new ArrayList<>(object.values()), meaning.withType(meaning.type()), to);
            return;
        }
        for (String container : meaning.container()) {
            if (!expanded && KEYED.contains(container)) {
                throw place.refuse("unsupported-context", "the container " + container + " cannot be read here", null);
            }
        }
        node(object, to);
    }

    void languageMap(Map<String, Object> map, List<Term> to) throws RecordRefused {
        for (Map.Entry<String, Object> entry : map.entrySet()) {
            place.enter(entry.getKey());
            for (Object text : Plain.several(entry.getValue())) {
                if (text != null) {
                    to.add(inLanguage(text, entry.getKey()));
                }
            }
            place.leave();
        }
    }

    Literal inLanguage(Object text, String language) throws RecordRefused {
        if (!(text instanceof String string)) {
            throw place.refuse("invalid-value", Excerpt.of(text) + " is no text in a language", null);
        }
        if (language.equals("@none")) {
            return Literal.string(string);
        }
        if (!LANGUAGE.matcher(language).matches()) {
            throw place.refuse("invalid-language", "\"" + Excerpt.of(language) + "\" is no language tag", null);
        }
        return Literal.lang(string, language);
    }

    private void node(Map<String, Object> object, List<Term> to) throws RecordRefused {
        for (String name : object.keySet()) {
            String iri = expansion.member(name).iri();
            if (iri != null && iri.startsWith("@") && !iri.equals("@type") && !iri.equals("@index")) {
                keyword(iri, object, to);
                return;
            }
        }
        Map<String, List<Term>> properties = new HashMap<>(object.size() * 2);
        for (Map.Entry<String, Object> entry : object.entrySet()) {
            Meaning meaning = expansion.member(entry.getKey());
            place.enter(entry.getKey());
            String iri = meaning.iri();
            if (iri == null) {
                throw place.refuse("invalid-name", Excerpt.of(entry.getKey()) + " cannot be an IRI", null);
            }
            if (iri.equals("@type")) {
                add(entry.getValue(), Meaning.PLAIN.withType("@vocab"), list(properties, NgsiLd.RDF_TYPE));
            } else if (!iri.equals("@index")) {
                add(entry.getValue(), meaning, list(properties, iri));
            }
            place.leave();
        }
        properties.values().removeIf(List::isEmpty);
        to.add(new StructuredNode(properties));
    }

    private static List<Term> list(Map<String, List<Term>> properties, String iri) {
        return properties.computeIfAbsent(iri, name -> new ArrayList<>(2));
    }

    /** An object that is no node of its own: {@code @value}, {@code @id}, {@code @list}, {@code @set}. */
    private void keyword(String keyword, Map<String, Object> object, List<Term> to) throws RecordRefused {
        Map<String, Object> members = new HashMap<>();
        for (Map.Entry<String, Object> entry : object.entrySet()) {
            String iri = expansion.member(entry.getKey()).iri();
            if (iri == null || members.put(iri, entry.getValue()) != null) {
                throw place.refuse("invalid-value", "an object says something twice, or nothing", null);
            }
        }
        members.remove("@index");
        if (members.containsKey("@value")) {
            valueObject(members, to);
        } else if (members.size() > 1) {
            throw place.refuse(
                    "unsupported-value",
                    "an object with " + Excerpt.of(keyword) + " has other members too",
                    "refer to it by its IRI alone, or use a JsonProperty for JSON that is not to be RDF");
        } else {
            Object value = members.get(keyword);
            switch (keyword) {
                case "@id" -> to.add(reference(value));
                case "@list" -> to.add(list(Plain.several(value), Meaning.PLAIN, false));
                case "@set" -> add(value, Meaning.PLAIN, to);
                default ->
                    throw place.refuse("unsupported-keyword", Excerpt.of(keyword) + " cannot be read here", null);
            }
        }
    }

    private Term reference(Object value) throws RecordRefused {
        if (value instanceof String) {
            return scalar(value, "@id");
        }
        throw place.refuse("invalid-iri", Excerpt.of(value) + " is not an IRI", null);
    }

    private void valueObject(Map<String, Object> members, List<Term> to) throws RecordRefused {
        Object value = members.remove("@value");
        Object type = members.remove("@type");
        Object language = members.remove("@language");
        if (!members.isEmpty() || type != null && language != null) {
            throw place.refuse("invalid-value", "a value object has members that do not go together", null);
        }
        if ("@json".equals(type)) {
            to.add(json(value));
        } else if (value instanceof Map || value instanceof List) {
            throw place.refuse("invalid-value", "@value has " + Excerpt.of(value), "a scalar is expected");
        } else if (value != null && language != null) {
            to.add(inLanguage(value, language instanceof String tag ? tag : ""));
        } else if (value != null) {
            to.add(scalar(value, type == null ? null : datatype(type)));
        }
    }

    private String datatype(Object type) throws RecordRefused {
        String datatype = type instanceof String text ? expansion.vocabularyIri(text) : null;
        if (datatype == null) {
            throw place.refuse("invalid-iri", "the datatype " + Excerpt.of(type) + " is not an IRI", null);
        }
        return datatype;
    }
}
