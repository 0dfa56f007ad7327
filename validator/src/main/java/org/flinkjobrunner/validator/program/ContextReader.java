package org.flinkjobrunner.validator.program;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads the resolved JSON-LD contexts. */
final class ContextReader {
    private ContextReader() {}

    static Contexts read(Fields program) throws ProgramException {
        Map<String, Context> contexts = new HashMap<>();
        JsonNode written = program.get("contexts");
        if (written != null) {
            new Fields(written, "program.contexts");
            for (Map.Entry<String, JsonNode> context : written.properties()) {
                Fields fields = new Fields(context.getValue(), "context <" + context.getKey() + ">");
                contexts.put(context.getKey(), context(fields));
            }
        }
        return new Contexts(Map.copyOf(contexts), program.text("defaultContext"));
    }

    private static Context context(Fields fields) throws ProgramException {
        Map<String, TermDefinition> terms = new HashMap<>();
        JsonNode written = fields.get("terms");
        if (written != null) {
            new Fields(written, fields.place() + ".terms");
            for (Map.Entry<String, JsonNode> term : written.properties()) {
                terms.put(
                        term.getKey(),
                        term(new Fields(term.getValue(), fields.place() + " \"" + term.getKey() + "\"")));
            }
        }
        String vocab = fields.text("vocab");
        fields.end();
        return new Context(vocab, Map.copyOf(terms));
    }

    private static TermDefinition term(Fields fields) throws ProgramException {
        JsonNode container = fields.get("@container");
        Set<String> containers = new HashSet<>();
        if (container != null && container.isArray()) {
            containers.addAll(fields.texts("@container"));
        } else if (container != null) {
            containers.add(fields.requireText("@container"));
        }
        TermDefinition term =
                new TermDefinition(fields.requireText("@id"), fields.text("@type"), Set.copyOf(containers));
        fields.end();
        return term;
    }
}
