package org.flinkjobrunner.validator.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.TermJson;

/** Strict access to one JSON object of a program: what is missing, of the wrong type or unknown is named with its place. */
final class Fields {
    private final String place;
    private final JsonNode node;
    private final Set<String> used = new HashSet<>();

    Fields(JsonNode node, String place) throws ProgramException {
        this.place = place;
        this.node = node;
        if (!node.isObject()) {
            throw expected("an object", node);
        }
    }

    /** @return null when the member is not there */
    JsonNode get(String name) {
        used.add(name);
        return node.get(name);
    }

    JsonNode require(String name) throws ProgramException {
        JsonNode value = get(name);
        if (value == null) {
            throw new ProgramException(place + " lacks \"" + name + "\"");
        }
        return value;
    }

    /** @return null when the member is not there */
    String text(String name) throws ProgramException {
        return get(name) == null ? null : requireText(name);
    }

    String requireText(String name) throws ProgramException {
        return text(require(name), name);
    }

    int requireCount(String name) throws ProgramException {
        JsonNode value = require(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw at(name).expected("a whole number from 0 to 2147483647", value);
        }
        return value.intValue();
    }

    boolean flag(String name) throws ProgramException {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            throw at(name).expected("true or false", value);
        }
        return value != null && value.booleanValue();
    }

    Fields requireObject(String name) throws ProgramException {
        return new Fields(require(name), member(name));
    }

    /** @return empty when the member is not there */
    List<Fields> objects(String name) throws ProgramException {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode element : array(name)) {
            objects.add(new Fields(element, member(name) + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /** @return empty when the member is not there */
    List<String> texts(String name) throws ProgramException {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(name)) {
            texts.add(text(element, name));
        }
        return texts;
    }

    List<String> requireTexts(String name) throws ProgramException {
        require(name);
        return texts(name);
    }

    JsonNode array(String name) throws ProgramException {
        JsonNode value = get(name);
        if (value == null) {
            return MissingNode.getInstance();
        }
        if (!value.isArray()) {
            throw at(name).expected("an array", value);
        }
        return value;
    }

    Term requireTerm(String name) throws ProgramException {
        return term(require(name), member(name));
    }

    List<Term> requireTerms(String name) throws ProgramException {
        require(name);
        List<Term> terms = new ArrayList<>();
        for (JsonNode element : array(name)) {
            terms.add(term(element, member(name)));
        }
        return terms;
    }

    static Term term(JsonNode node, String place) throws ProgramException {
        try {
            return TermJson.read(node);
        } catch (IllegalArgumentException e) {
            throw new ProgramException(place + ": expected a term, found " + shown(node), e);
        }
    }

    /** To be called when everything known has been read: skipping a member would validate something else. */
    void end() throws ProgramException {
        for (var names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!used.contains(name)) {
                throw new ProgramException(place + " has the unknown member \"" + name
                        + "\": compile the shapes with the version that runs the validator");
            }
        }
    }

    String place() {
        return place;
    }

    private String text(JsonNode value, String name) throws ProgramException {
        if (!value.isTextual()) {
            throw at(name).expected("a string", value);
        }
        return value.textValue();
    }

    private record At(String place) {
        ProgramException expected(String what, JsonNode found) {
            return new ProgramException(place + ": expected " + what + ", found " + shown(found));
        }
    }

    private At at(String name) {
        return new At(member(name));
    }

    private ProgramException expected(String what, JsonNode found) {
        return new At(place).expected(what, found);
    }

    private String member(String name) {
        return place + "." + name;
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
