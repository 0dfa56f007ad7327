package org.flinkjobrunner.validator.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.shapes.PredicatePath;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Targets;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {
    private static final String STATE = "<https://x/CutterShape>/<https://x/state>";
    private static final String PROGRAM =
            """
            {"formatVersion": 1, "numbers": "declared",
             "shapes": {
               "https://x/CutterShape": {"iri": "https://x/CutterShape", "targets": [{"class": "https://x/Cutter"}],
                 "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [],
                 "constraints": [{"component": "NodeKind", "nodeKind": "IRI"}],
                 "property": ["<https://x/CutterShape>/<https://x/state>"]},
               "<https://x/CutterShape>/<https://x/state>": {"path": {"predicate": "https://x/state"}, "targets": [],
                 "severity": "http://www.w3.org/ns/shacl#Warning",
                 "messages": [{"@value": "no state"}, {"@value": "kein Zustand", "@language": "de"}],
                 "constraints": [
                   {"component": "Class", "class": "https://x/B"},
                   {"component": "Class", "class": "https://x/A"},
                   {"component": "Datatype", "datatype": "http://www.w3.org/2001/XMLSchema#double"},
                   {"component": "MinCount", "minCount": 1},
                   {"component": "MaxCount", "maxCount": 1},
                   {"component": "MinInclusive", "value": {"@value": "1", "@type": "http://www.w3.org/2001/XMLSchema#integer"}},
                   {"component": "MinLength", "minLength": 1},
                   {"component": "MaxLength", "maxLength": 9},
                   {"component": "Pattern", "pattern": "^a", "flags": "i", "regex": "(?i)^a"},
                   {"component": "HasValue", "value": {"@id": "https://x/ON"}},
                   {"component": "In", "in": [{"@id": "https://x/ON"}, {"@value": "off", "@language": "en"}]}],
                 "property": []},
               "https://x/MachineShape": {"iri": "https://x/MachineShape", "targets": [{"class": "https://x/Machine"}],
                 "severity": "http://www.w3.org/ns/shacl#Violation", "messages": [], "constraints": [],
                 "property": ["<https://x/CutterShape>/<https://x/state>"]}},
             "units": [
               {"root": "https://x/MachineShape", "shape": "<https://x/CutterShape>/<https://x/state>",
                "attributes": ["https://x/state"], "types": false},
               {"root": "https://x/CutterShape", "shape": "https://x/CutterShape", "attributes": [], "types": true},
               {"root": "https://x/CutterShape", "shape": "<https://x/CutterShape>/<https://x/state>",
                "attributes": ["https://x/state"], "types": false}],
             "knowledge": {"superClasses": {"https://x/Cutter": ["https://x/Cutter", "https://x/Machine"]},
               "triples": [["https://x/ON", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", {"@id": "https://x/State"}],
                           ["_:c0", "https://x/p", {"@value": "1", "@type": "http://www.w3.org/2001/XMLSchema#integer"}]]},
             "contexts": {"https://x/context": {"vocab": "https://x/", "terms": {
               "id": {"@id": "@id"},
               "state": {"@id": "https://x/state", "@type": "@vocab", "@container": ["@set", "@list"]},
               "name": {"@id": "https://x/name", "@container": "@language"}}}},
             "defaultContext": "https://x/context"}
            """;

    @Test
    void readsEverything() throws ProgramException {
        Program program = read(PROGRAM);
        assertThat(program.numbers()).isEqualTo(Numbers.DECLARED);
        assertThat(program.shapes()).containsOnlyKeys("https://x/CutterShape", STATE, "https://x/MachineShape");
        Shape state = program.shapes().get(STATE);
        assertThat(state.path()).isEqualTo(new PredicatePath("https://x/state"));
        assertThat(state.iri()).isNull();
        assertThat(state.severity()).isEqualTo("http://www.w3.org/ns/shacl#Warning");
        assertThat(state.declaredDatatype()).isEqualTo("http://www.w3.org/2001/XMLSchema#double");
        assertThat(state.messages()).containsExactly(new Message("kein Zustand", "de"), new Message("no state", null));
        Shape root = program.shapes().get("https://x/CutterShape");
        assertThat(root.property()).containsExactly(state);
        assertThat(root.targets().classes()).containsExactly("https://x/Cutter");
        assertThat(program.knowledge().isInstance(new Iri("https://x/ON"), "https://x/State"))
                .isTrue();
        assertThat(program.knowledge().triples()).hasSize(2);
    }

    @Test
    void constraintsStandInTheOrderOfTheSpecification() throws ProgramException {
        assertThat(read(PROGRAM).shapes().get(STATE).constraints())
                .extracting(Constraint::component)
                .containsExactly(
                        "Class",
                        "Class",
                        "Datatype",
                        "MinCount",
                        "MaxCount",
                        "MinInclusive",
                        "MinLength",
                        "MaxLength",
                        "Pattern",
                        "HasValue",
                        "In");
        assertThat(read(PROGRAM).shapes().get(STATE).constraints()[0].parameterKey())
                .isEqualTo("https://x/A");
    }

    @Test
    void contexts() throws ProgramException {
        Contexts contexts = read(PROGRAM).contexts();
        assertThat(contexts.defaultContext()).isEqualTo("https://x/context");
        Context context = contexts.get("https://x/context");
        assertThat(context.vocab()).isEqualTo("https://x/");
        assertThat(context.terms().get("state"))
                .isEqualTo(new TermDefinition("https://x/state", "@vocab", Set.of("@set", "@list")));
        assertThat(context.terms().get("name").container()).containsExactly("@language");
        assertThat(contexts.get("https://x/other")).isNull();
    }

    @Test
    void theDigestIsThatOfTheBytes() throws ProgramException {
        assertThat(read("{\"formatVersion\":1,\"numbers\":\"declared\",\"shapes\":{}}")
                        .digest())
                .isEqualTo("sha256:d5828b28caf3a1a80f5e519042683cbbbdf4dd6b0e8c3815b611078e4710c6d4");
    }

    @Test
    void plansFollowTheSuperclassesOfTheTypes() throws ProgramException {
        Program program = read(PROGRAM);
        assertThat(keys(program.plan(new String[] {"https://x/Cutter"}).units()))
                .containsExactly(
                        "https://x/CutterShape " + STATE,
                        "https://x/CutterShape https://x/CutterShape",
                        "https://x/MachineShape " + STATE);
        assertThat(keys(program.plan(new String[] {"https://x/Machine"}).units()))
                .containsExactly("https://x/MachineShape " + STATE);
        assertThat(program.plan(new String[] {"https://x/Other"}).units()).isEmpty();
        assertThat(program.plan(new String[0]).units()).isEmpty();
    }

    @Test
    void plansSayWhatAnUpdateAffects() throws ProgramException {
        TypePlan plan = read(PROGRAM).plan(new String[] {"https://x/Cutter"});
        assertThat(keys(plan.affectedBy("https://x/state")))
                .containsExactly("https://x/CutterShape " + STATE, "https://x/MachineShape " + STATE);
        assertThat(plan.affectedBy("https://x/other")).isEmpty();
        assertThat(keys(plan.typeUnits())).containsExactly("https://x/CutterShape https://x/CutterShape");
    }

    @Test
    void aUnitThatReadsEverythingIsAffectedByAnything() throws ProgramException {
        String closed = PROGRAM.replace("\"attributes\": [], ", "\"attributes\": [], \"allAttributes\": true, ");
        TypePlan plan = read(closed).plan(new String[] {"https://x/Cutter"});
        assertThat(keys(plan.affectedBy("https://x/other")))
                .containsExactly("https://x/CutterShape https://x/CutterShape");
        assertThat(keys(plan.affectedBy("https://x/state"))).hasSize(3);
    }

    @Test
    void whereTypesAloneDoNotTellTheTargetsNoPlanHasTheUnits() throws ProgramException {
        String targets = "[{\"class\": \"https://x/Machine\"}, {\"subjectsOf\": \"https://x/state\"},"
                + " {\"node\": {\"@id\": \"urn:x:1\"}}, {\"objectsOf\": \"https://x/p\"}]";
        Program program = read(PROGRAM.replace("[{\"class\": \"https://x/Machine\"}]", targets));
        assertThat(keys(program.otherUnits())).containsExactly("https://x/MachineShape " + STATE);
        assertThat(keys(program.plan(new String[] {"https://x/Machine"}).units()))
                .isEmpty();
        assertThat(program.otherUnits()[0].root().targets())
                .isEqualTo(new Targets(
                        List.of("https://x/Machine"),
                        List.of(new Iri("urn:x:1")),
                        List.of("https://x/state"),
                        List.of("https://x/p")));
    }

    @Test
    void longerPaths() throws ProgramException {
        String path = "{\"sequence\": [{\"inverse\": {\"predicate\": \"urn:p\"}}, {\"alternative\": [{\"zeroOrMore\":"
                + " {\"predicate\": \"urn:q\"}}, {\"oneOrMore\": {\"predicate\": \"urn:r\"}}]},"
                + " {\"zeroOrOne\": {\"predicate\": \"urn:s\"}}]}";
        Shape state = read(PROGRAM.replace("{\"predicate\": \"https://x/state\"}", path))
                .shapes()
                .get(STATE);
        assertThat(state.path().text()).isEqualTo("^<urn:p>/(<urn:q>*|<urn:r>+)/<urn:s>?");
    }

    @Test
    void plansAreMadeOncePerSetOfTypes() throws ProgramException {
        Program program = read(PROGRAM);
        TypePlan both = program.plan(new String[] {"https://x/Cutter", "https://x/Machine"});
        assertThat(program.plan(new String[] {"https://x/Machine", "https://x/Cutter", "https://x/Other"}))
                .isSameAs(both);
        assertThat(keys(both.units())).hasSize(3);
        assertThat(program.plan(new String[] {"https://x/Other", "https://x/Machine"}))
                .isSameAs(program.plan(new String[] {"https://x/Machine"}));
    }

    @Test
    void ownConstraintsAndSharedShapesKeepTheirPlace() throws ProgramException {
        Program program = read(PROGRAM);
        Unit[] units = program.units();
        assertThat(units[0].shape()).isSameAs(units[2].shape());
        assertThat(units[1].shape()).isSameAs(units[1].root());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"formatVersion\": 1 | \"formatVersion\": 2 | format version 2",
                "\"formatVersion\": 1 | \"formatVersion\": \"1\" | format version",
                "\"formatVersion\": 1, | `` | lacks \"formatVersion\"",
                "\"declared\" | \"exact\" | \"exact\" is none of",
                "\"NodeKind\" | \"Kind\" | constraint component \"Kind\" is not known",
                "\"nodeKind\": \"IRI\" | \"nodeKind\": \"iri\" | \"iri\" is not a node kind",
                "\"nodeKind\": \"IRI\" | \"nodeKind\": \"IRI\", \"extra\": 1 | unknown member \"extra\"",
                "\"minCount\": 1 | \"minCount\": \"1\" | expected a whole number",
                "\"minCount\": 1 | \"minCount\": -1 | expected a whole number",
                "\"minCount\": 1 | \"maxCount\": 1 | lacks \"minCount\"",
                "\"value\": {\"@id\": \"https://x/ON\"} | \"value\": \"ON\" | expected a term",
                "{\"@value\": \"1\", \"@type\": \"http://www.w3.org/2001/XMLSchema#integer\"}}, | {\"@id\": \"https://x/a\"}},"
                        + " | a range needs a literal",
                "\"regex\": \"(?i)^a\" | \"regex\": \"(a\" | cannot be matched",
                "\"regex\": \"(?i)^a\" | \"regex\": \"(?=a)\" | cannot be matched",
                "\"regex\": \"(?i)^a\" | \"regex\": \"(a)\\\\1\" | cannot be matched",
                "\"regex\": \"(?i)^a\" | \"regex\": \"[a-z&&[^x]]\" | nests character classes",
                "\"flags\": \"i\", \"regex\": \"(?i)^a\" | \"flags\": \"x\" | the flag \"x\"",
                "\"path\": {\"predicate\": \"https://x/state\"} | \"path\": {\"inverse\": \"https://x/state\"} | path.inverse: expected an object",
                "[{\"class\": \"https://x/Machine\"}] | [{\"all\": \"https://x/Machine\"}] | lacks \"class\"",
                "\"shape\": \"https://x/CutterShape\" | \"shape\": \"https://x/NoShape\" | \"https://x/NoShape\", which is not in the program",
                "\"types\": true | \"types\": 1 | expected true or false",
                "\"defaultContext\" | \"rules\": [], \"defaultContext\" | unknown member \"rules\"",
                "\"@container\": \"@language\" | \"@reverse\": \"https://x/p\" | unknown member \"@reverse\"",
            })
    void whatIsNotUnderstoodIsNamed(String was, String is, String message) {
        assertThat(PROGRAM).contains(was);
        assertThatThrownBy(() -> read(PROGRAM.replace(was, is)))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | empty",
                "{ | not JSON",
                "[] | expected an object",
                "{} {} | not JSON",
                "{\"a\":1,\"a\":2} | not JSON"
            })
    void whatIsNoProgramIsRefused(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shapesNestedInThemselvesAreRefused() {
        String nested = PROGRAM.replace("\"property\": []", "\"property\": [\"https://x/MachineShape\"]");
        assertThatThrownBy(() -> read(nested))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("nested in itself");
    }

    @Test
    void withoutARegexThePatternItselfIsUsed() throws ProgramException {
        assertThat(read(PROGRAM.replace(", \"regex\": \"(?i)^a\"", "")).shapes())
                .hasSize(3);
    }

    @Test
    void knowledgeOfBlankNodes() throws ProgramException {
        assertThat(read(PROGRAM).knowledge().triples().get(1).subject()).hasToString("_:c0");
    }

    private static Program read(String json) throws ProgramException {
        return Program.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> keys(Unit[] units) {
        return Arrays.stream(units).map(Unit::key).toList();
    }
}
