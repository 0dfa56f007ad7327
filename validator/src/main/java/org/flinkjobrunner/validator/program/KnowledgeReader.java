package org.flinkjobrunner.validator.program;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.graph.Knowledge;
import org.flinkjobrunner.validator.graph.Triple;
import org.flinkjobrunner.validator.graph.TripleGraph;

/** Reads the knowledge: the closure of subclasses, and the triples. */
final class KnowledgeReader {
    private KnowledgeReader() {}

    static Knowledge read(Fields program) throws ProgramException {
        if (program.get("knowledge") == null) {
            return Knowledge.empty();
        }
        Fields knowledge = program.requireObject("knowledge");
        Map<String, Set<String>> superClasses = superClasses(knowledge);
        List<Triple> triples = new ArrayList<>();
        for (JsonNode triple : knowledge.array("triples")) {
            triples.add(triple(triple, "program.knowledge.triples[" + triples.size() + "]"));
        }
        knowledge.end();
        return new Knowledge(superClasses, triples);
    }

    private static Map<String, Set<String>> superClasses(Fields knowledge) throws ProgramException {
        Map<String, Set<String>> superClasses = new HashMap<>();
        JsonNode written = knowledge.get("superClasses");
        if (written != null) {
            Fields classes = new Fields(written, "program.knowledge.superClasses");
            for (Map.Entry<String, JsonNode> entry : written.properties()) {
                superClasses.put(entry.getKey(), Set.copyOf(classes.texts(entry.getKey())));
            }
        }
        return superClasses;
    }

    private static Triple triple(JsonNode triple, String place) throws ProgramException {
        if (triple.size() != 3 || !triple.path(0).isTextual() || !triple.path(1).isTextual()) {
            throw new ProgramException(place + ": expected [subject, predicate, term]");
        }
        return new Triple(
                TripleGraph.subject(triple.get(0).textValue()),
                triple.get(1).textValue(),
                Fields.term(triple.get(2), place));
    }
}
