package org.flinkjobrunner.validator.batch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** A random shapes graph, once as a program and once in Turtle, and random data for it. */
final class RandomCase {
    private static final String XSD = "http://www.w3.org/2001/XMLSchema#";
    private static final String SH = "http://www.w3.org/ns/shacl#";

    private static final List<String> CLASSES = List.of("A", "B", "C");
    private static final List<String> PATHS = List.of("p", "q");
    private static final List<String> KINDS =
            List.of("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral");
    private static final List<String> PATTERNS = List.of("^a", "b+$", "[0-9]{2}", "x|y", "^$");
    /** Lexical forms and datatypes; ill-typed ones only where nothing compares them. */
    private static final List<String[]> LITERALS = List.of(
            new String[] {"1", "integer"},
            new String[] {"01", "integer"},
            new String[] {"7", "byte"},
            new String[] {"300", "byte"},
            new String[] {"abc", "integer"},
            new String[] {"123456789012345678901234567890", "integer"},
            new String[] {"1.0", "decimal"},
            new String[] {"1.000000000000000000000000000001", "decimal"},
            new String[] {"1.5e0", "double"},
            new String[] {"0", "integer"},
            new String[] {"2.5", "float"},
            new String[] {"abb", "string"},
            new String[] {"", "string"},
            new String[] {"x12", "string"},
            new String[] {"true", "boolean"},
            new String[] {"false", "boolean"},
            new String[] {"2024-01-01T12:00:00Z", "dateTime"},
            new String[] {"2024-01-01T12:00:00", "dateTime"},
            new String[] {"2024-01-03T12:00:00", "dateTime"},
            new String[] {"2024-02-30", "date"},
            new String[] {"2024-02-29", "date"});

    private final Random random;
    private final List<String> programShapes = new ArrayList<>();
    private final List<String> units = new ArrayList<>();
    private final StringBuilder turtle = new StringBuilder("@prefix sh: <" + SH + "> . @prefix x: <https://x/> .\n");
    final String data;
    final String program;

    RandomCase(long seed) {
        this.random = new Random(seed);
        shapes();
        this.data = data();
        this.program = "{\"formatVersion\":1,\"numbers\":\"json-ld\",\"shapes\":{" + String.join(",", programShapes)
                + "},\"units\":[" + String.join(",", units) + "]}";
    }

    String shapesTurtle() {
        return turtle.toString();
    }

    private void shapes() {
        for (int i = 0; i < 3; i++) {
            String root = "https://x/S" + i;
            String target = pick(CLASSES);
            turtle.append("<")
                    .append(root)
                    .append("> a sh:NodeShape ; sh:targetClass x:")
                    .append(target);
            List<String> labels = new ArrayList<>();
            for (int j = 0; j < 2; j++) {
                String label = root + "/P" + j;
                labels.add(label);
                turtle.append(" ; sh:property <").append(label).append(">");
                units.add("{\"root\":\"" + root + "\",\"shape\":\"" + label + "\",\"attributes\":[],\"types\":false}");
            }
            turtle.append(" .\n");
            programShapes.add(shape(root, "\"targets\":[{\"class\":\"https://x/" + target + "\"}],", "", labels));
            for (String label : labels) {
                property(label, 1);
            }
        }
    }

    private void property(String label, int depth) {
        String path = pick(PATHS);
        turtle.append("<").append(label).append("> sh:path x:").append(path);
        List<String> constraints = new ArrayList<>();
        for (String name : names()) {
            constraints.add(constraint(name));
        }
        List<String> nested = depth > 0 && random.nextBoolean() ? List.of(label + "/N") : List.of();
        nested.forEach(n -> turtle.append(" ; sh:property <").append(n).append(">"));
        turtle.append(" .\n");
        programShapes.add(shape(
                label, "\"path\":{\"predicate\":\"https://x/" + path + "\"},", String.join(",", constraints), nested));
        nested.forEach(n -> property(n, depth - 1));
    }

    private static String shape(String label, String members, String constraints, List<String> nested) {
        String property = nested.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(","));
        return "\"" + label + "\":{\"iri\":\"" + label + "\"," + members + "\"severity\":\"" + SH + "Violation\","
                + "\"constraints\":[" + constraints + "],\"property\":[" + property + "]}";
    }

    private Set<String> names() {
        List<String> all = List.of(
                "Class",
                "Datatype",
                "NodeKind",
                "MinCount",
                "MaxCount",
                "MinExclusive",
                "MinInclusive",
                "MaxExclusive",
                "MaxInclusive",
                "MinLength",
                "MaxLength",
                "Pattern",
                "HasValue",
                "In");
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < 3) {
            names.add(pick(all));
        }
        return names;
    }

    private String constraint(String name) {
        String parameter = Character.toLowerCase(name.charAt(0)) + name.substring(1);
        turtle.append(" ; sh:").append(parameter).append(" ");
        String[] json =
                switch (name) {
                    case "Class" -> iri("class", pick(CLASSES));
                    case "Datatype" -> {
                        String datatype = pick(LITERALS)[1];
                        yield new String[] {"\"datatype\":\"" + XSD + datatype + "\"", "<" + XSD + datatype + ">"};
                    }
                    case "NodeKind" -> {
                        String kind = pick(KINDS);
                        yield new String[] {"\"nodeKind\":\"" + kind + "\"", "sh:" + kind};
                    }
                    case "Pattern" -> {
                        String pattern = pick(PATTERNS);
                        yield new String[] {"\"pattern\":\"" + pattern + "\"", "\"" + pattern + "\""};
                    }
                    case "HasValue" -> {
                        String[] term = term();
                        yield new String[] {"\"value\":" + term[0], term[1]};
                    }
                    case "In" -> {
                        String[] a = term();
                        String[] b = term();
                        yield new String[] {"\"in\":[" + a[0] + "," + b[0] + "]", "(" + a[1] + " " + b[1] + ")"};
                    }
                    case "MinCount", "MaxCount", "MinLength", "MaxLength" -> {
                        int number = random.nextInt(4);
                        yield new String[] {"\"" + parameter + "\":" + number, Integer.toString(number)};
                    }
                    default -> {
                        String[] literal = literal(comparable());
                        yield new String[] {"\"value\":" + literal[0], literal[1]};
                    }
                };
        turtle.append(json[1]);
        return "{\"component\":\"" + name + "\"," + json[0] + "}";
    }

    /** A literal that makes a sensible bound. */
    private String[] comparable() {
        String[] literal;
        do {
            literal = pick(LITERALS);
        } while (literal[0].equals("abc") || literal[0].equals("300") || literal[0].equals("2024-02-30"));
        return literal;
    }

    private static String[] iri(String member, String name) {
        return new String[] {"\"" + member + "\":\"https://x/" + name + "\"", "x:" + name};
    }

    private String[] term() {
        if (random.nextInt(4) == 0) {
            String node = "https://x/n" + random.nextInt(4);
            return new String[] {"{\"@id\":\"" + node + "\"}", "<" + node + ">"};
        }
        return literal(pick(LITERALS));
    }

    private static String[] literal(String[] literal) {
        return new String[] {
            "{\"@value\":\"" + literal[0] + "\",\"@type\":\"" + XSD + literal[1] + "\"}",
            "\"" + literal[0] + "\"^^<" + XSD + literal[1] + ">"
        };
    }

    private String data() {
        StringBuilder graph = new StringBuilder("@prefix x: <https://x/> .\n")
                .append("x:A <http://www.w3.org/2000/01/rdf-schema#subClassOf> x:B .\n");
        for (int i = 0; i < 4; i++) {
            graph.append("x:n").append(i).append(" a x:").append(pick(CLASSES)).append(" .\n");
            for (String path : PATHS) {
                for (int j = random.nextInt(4); j > 0; j--) {
                    graph.append("x:n").append(i).append(" x:").append(path).append(" ");
                    graph.append(random.nextInt(8) == 0 ? "[ x:q 1 ]" : term()[1])
                            .append(" .\n");
                }
            }
        }
        return graph.toString();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
