package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.program.Context;
import org.flinkjobrunner.validator.program.Contexts;
import org.flinkjobrunner.validator.program.TermDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionsTest {
    private static final String CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld";

    private final Expansions expansions = new Expansions(Records.CONTEXTS);
    private final Place place = new Place();

    private Expansion of(String context) throws RecordRefused {
        byte[] json = Records.bytes(context);
        return expansions.of(Json.read(json, 0, json.length), place);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            textBlock =
                    """
            # context                               | name              | IRI
            'https://x/plant.jsonld'                | speed             | x:speed
            'https://x/plant.jsonld'                | other             | d:other
            'https://x/plant.jsonld'                | x:other           | x:other
            'https://x/plant.jsonld'                | speed:other       | speed:other
            'https://x/plant.jsonld'                | https://x/y       | x:y
            'https://x/plant.jsonld'                | value             | n:hasValue
            'https://x/plant.jsonld'                | no name           | -
            'https://x/plant.jsonld'                | @id               | @id
            ['https://x/plant.jsonld',null]         | speed             | d:speed
            ['https://x/plant.jsonld',{'speed':null}] | speed           | d:speed
            ['https://x/plant.jsonld',{'speed':'https://x/v'}] | speed  | x:v
            {'value':'https://x/v'}                 | value             | n:hasValue
            {'@vocab':'https://x/'}                 | other             | x:other
            {'@vocab':'https://x/','a':'b'}         | a                 | x:b
            {'a':'b','b':'https://x/b'}             | a                 | x:b
            {'a':'p:b','p':'https://x/'}            | a                 | x:b
            {'a':{'@id':'p:b'},'p':{'@id':'https://x/','@prefix':true}} | a | x:b
            {'p':'https://x/'}                      | p:q               | x:q
            {'p':'https://x/q'}                     | p:q               | p:q
            {'name':'@id'}                          | name              | @id
            {'@version':1.1,'a':'https://x/a'}      | a                 | x:a
            [[{'a':'https://x/a'}]]                 | a                 | x:a
            """)
    void names(String context, String name, String expected) throws RecordRefused {
        Meaning meaning = of(context).member(name);
        assertThat(meaning.iri() == null ? null : Records.shortened(meaning.iri()))
                .isEqualTo(expected);
        assertThat(of(context).member(name)).isSameAs(meaning);
    }

    @Test
    void typesAndContainers() throws RecordRefused {
        Expansion expansion = of("{'p':'https://x/','a':{'@id':'p:a','@type':'@id','@container':'@list'},"
                + "'b':{'@id':'p:b','@type':'p:T','@container':['@set','@index']}}");
        assertThat(expansion.member("a"))
                .isEqualTo(new Meaning("https://x/a", Member.ATTRIBUTE, "@id", Set.of("@list")));
        assertThat(expansion.member("b").type()).isEqualTo("https://x/T");
        assertThat(expansion.member("b").container()).containsExactlyInAnyOrder("@set", "@index");
        assertThat(expansion.member("observedAt").member()).isEqualTo(Member.OBSERVED_AT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            'https://nowhere/'                   | unknown-context
            ['https://x/plant.jsonld','nowhere'] | unknown-context
            7                                    | invalid-context
            [[[[{}]]]]                           | invalid-context
            {'a':7}                              | unsupported-context
            {'a':'b'}                            | unsupported-context
            {'a':'b','b':'a'}                    | unsupported-context
            {'a':{'@id':'https://x/a','@context':{}}} | unsupported-context
            {'a':{'@reverse':'https://x/a'}}     | unsupported-context
            {'a':{'@id':'https://x/a','@container':7}} | unsupported-context
            {'@base':'https://x/'}               | unsupported-context
            {'@language':'en'}                   | unsupported-context
            {'@import':'https://x/'}             | unsupported-context
            """)
    void refused(String context, String code) {
        RecordRefused refused = catchThrowableOfType(RecordRefused.class, () -> of(context));
        assertThat(refused.code()).isEqualTo(code);
    }

    @Test
    void anUnknownContextIsNamedWithWhatToDo() {
        RecordRefused refused = catchThrowableOfType(RecordRefused.class, () -> of("'https://nowhere/'"));
        assertThat(refused).hasMessageContaining("<https://nowhere/>");
        assertThat(refused.hint()).contains("--context");
    }

    @Test
    void aLongChainOfTermsDoesNotOverflowTheStack() {
        StringBuilder context = new StringBuilder("{'t0':'https://x/'");
        for (int i = 1; i < 900; i++) {
            context.insert(1, "'t" + i + "':'t" + (i - 1) + "',");
        }
        assertThat(catchThrowableOfType(RecordRefused.class, () -> of(context + "}"))
                        .code())
                .isEqualTo("unsupported-context");
    }

    @Test
    void theDefaultContextIsTheProgramsElseTheCore() {
        assertThat(expansions.standard().member("speed").iri())
                .isEqualTo("https://uri.etsi.org/ngsi-ld/default-context/speed");
        Contexts plant = new Contexts(Records.CONTEXTS.byIri(), Records.PLANT);
        assertThat(new Expansions(plant).standard().member("speed").iri()).isEqualTo("https://x/speed");
        assertThat(new Expansions(plant).standard().member("value").iri())
                .isEqualTo("https://uri.etsi.org/ngsi-ld/hasValue");
        Context core = new Context("https://x/all/", Map.of("id", new TermDefinition("@id", null, Set.of())));
        Contexts bundled = new Contexts(Map.of(CORE, core), CORE);
        assertThat(new Expansions(bundled).standard().member("speed").iri()).isEqualTo("https://x/all/speed");
    }

    @Test
    void onlySoManyContextsAreKept() throws RecordRefused {
        Expansion first = of("{'a':'https://x/0'}");
        assertThat(of("{'a':'https://x/0'}")).isSameAs(first);
        for (int i = 1; i <= 500; i++) {
            of("{'a':'https://x/" + i + "'}");
        }
        assertThat(of("{'a':'https://x/0'}")).isNotSameAs(first);
    }

    @Test
    void onlySoManyNamesAreKept() throws RecordRefused {
        Expansion expansion = of("{}");
        Meaning first = expansion.member("name");
        for (int i = 0; i < 30_000; i++) {
            expansion.member("name" + i);
        }
        assertThat(expansion.member("name")).isEqualTo(first).isNotSameAs(first);
    }
}
