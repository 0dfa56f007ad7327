package org.flinkjobrunner.validator.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.DocumentNumbers;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.GraphView;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.MergedGraph;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.program.Context;
import org.flinkjobrunner.validator.program.Contexts;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.TermDefinition;
import org.flinkjobrunner.validator.term.BlankNode;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.ChangeDecoder;
import org.flinkjobrunner.validator.wire.ChangeDocuments;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.RecordRefused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityReadersTest {
    private static final String CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld";
    private static final String GEOJSON = "https://purl.org/geojson/vocab#";
    private static final String[] METADATA = {
        NgsiLd.RDF_TYPE,
        NgsiLd.SCOPE,
        NgsiLd.OBSERVED_AT,
        NgsiLd.CREATED_AT,
        NgsiLd.MODIFIED_AT,
        NgsiLd.EXPIRES_AT,
        NgsiLd.UNIT_CODE,
        NgsiLd.DATASET_ID,
        NgsiLd.HAS_OBJECT_TYPE
    };

    /** Every triple below one node as text, blank nodes by what they say. */
    private static final class Picture {
        private final GraphView graph;
        private final Set<String> predicates;
        private int triples;

        Picture(GraphView graph, Set<String> predicates) {
            this.graph = graph;
            this.predicates = predicates;
        }

        String of(Term node) {
            Map<String, Set<String>> properties = new TreeMap<>();
            for (String predicate : predicates) {
                for (Term object : graph.objects(node, predicate)) {
                    triples++;
                    properties.computeIfAbsent(predicate, p -> new TreeSet<>()).add(text(object));
                }
            }
            return properties.toString();
        }

        /** What reads JSON-LD has its own spelling of numbers. */
        private String text(Term object) {
            if (object instanceof BlankNode) {
                return of(object);
            }
            return object instanceof Literal literal && literal.jsonNumber()
                    ? "number " + Numbers.JSON_LD.literal(literal.lexical())
                    : object.toString();
        }
    }

    private static Contexts contexts() {
        Map<String, TermDefinition> terms = new HashMap<>();
        term(terms, "id", "@id", null, null);
        term(terms, "type", "@type", null, null);
        term(terms, "value", NgsiLd.HAS_VALUE, null, null);
        term(terms, "object", NgsiLd.HAS_OBJECT, "@id", null);
        term(terms, "languageMap", NgsiLd.HAS_LANGUAGE_MAP, null, "@language");
        term(terms, "vocab", NgsiLd.HAS_VOCAB, "@vocab", null);
        term(terms, "json", NgsiLd.HAS_JSON, "@json", null);
        term(terms, "valueList", NgsiLd.HAS_VALUE_LIST, null, "@list");
        term(terms, "objectList", NgsiLd.HAS_OBJECT_LIST, null, "@list");
        term(terms, "objectType", NgsiLd.HAS_OBJECT_TYPE, "@vocab", null);
        term(terms, "datasetId", NgsiLd.DATASET_ID, "@id", null);
        term(terms, "unitCode", NgsiLd.UNIT_CODE, null, null);
        term(terms, "scope", NgsiLd.SCOPE, null, null);
        term(terms, "coordinates", GEOJSON + "coordinates", null, "@list");
        term(terms, "Point", GEOJSON + "Point", null, null);
        for (String time : new String[] {"observedAt", "createdAt", "modifiedAt", "expiresAt"}) {
            term(terms, time, NgsiLd.NS + time, NgsiLd.DATE_TIME, null);
        }
        for (Kind kind : Kind.values()) {
            term(terms, kind.type(), kind.typeIri(), null, null);
        }
        return new Contexts(Map.of(CORE, new Context("https://x/default/", terms)), CORE);
    }

    private static void term(Map<String, TermDefinition> terms, String name, String id, String type, String container) {
        terms.put(name, new TermDefinition(id, type, container == null ? Set.of() : Set.of(container)));
    }

    private static EntityDocument read(String json) throws RecordRefused {
        EntityChange change = new ChangeDecoder(contexts()).entity(bytes(json));
        return ChangeDocuments.of((EntityChange.Document) change);
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static void gather(Attribute attribute, Set<String> predicates) {
        predicates.add(attribute.name());
        predicates.add(attribute.kind().predicate());
        Arrays.stream(attribute.subAttributes()).forEach(subAttribute -> gather(subAttribute, predicates));
        attribute.values().forEach(value -> gather(value, predicates));
    }

    private static void gather(Term term, Set<String> predicates) {
        if (term instanceof StructuredNode node) {
            node.properties().forEach((predicate, objects) -> {
                predicates.add(predicate);
                objects.forEach(object -> gather(object, predicates));
            });
        }
    }

    /** An entity means the same whether it is read as NGSI-LD or, by an independent processor, as JSON-LD. */
    private static void assertSameAsJsonLd(String json, Numbers numbers) throws RecordRefused, DataException {
        EntityDocument entity = DocumentNumbers.apply(read(json), numbers);
        Set<String> predicates = new TreeSet<>(Arrays.asList(METADATA));
        Arrays.stream(entity.attributes()).forEach(attribute -> gather(attribute, predicates));
        GraphView ours = new MergedGraph(Map.of(entity.id(), entity), new TripleGraph.Builder().build());
        Picture picture = new Picture(ours, predicates);
        String expected = picture.of(entity.iri());

        Limits notOneMore = new Limits(1 << 20, picture.triples);
        TripleGraph.Builder triples = new TripleGraph.Builder();
        String file = Path.of("d.jsonld").toAbsolutePath().toString();
        new JsonLdFile(file, 1, notOneMore, numbers, contexts()).read(bytes(json), triples);
        assertThat(new Picture(triples.build(), predicates).of(entity.iri())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'Property','value':20.0}",
                "{'type':'Property','value':[20.5,'t',true,1e30,-0.5,20.5,12345678901234567890,1e-7]}",
                "{'type':'Property','value':{'x':1.0,'y':[{'z':'s'},null,[2.5]]}}",
                "{'type':'Property','value':{'@id':'urn:v'}}",
                "{'type':'Property','value':{'type':'https://x/D','@value':'5'}}",
                "{'type':'Property','value':{'@type':'http://www.w3.org/2001/XMLSchema#double','@value':20.0}}",
                "{'type':'Property','value':{'@type':'http://www.w3.org/2001/XMLSchema#decimal','@value':20.5}}",
                "{'type':'Property','value':{'@type':'http://www.w3.org/2001/XMLSchema#byte','@value':20.0}}",
                "{'type':'Property','value':{'@type':'http://www.w3.org/2001/XMLSchema#boolean','@value':true}}",
                "{'type':'Property','value':{'@value':'t','@language':'en'}}",
                "{'type':'Property','value':{'@list':[1.0,[2],{'x':3},1.0]}}",
                "{'type':'Property','value':[]}",
                "{'type':'Property','value':{}}",
                "{'type':'Property','value':1,'observedAt':'2026-01-01T00:00:00Z','createdAt':'c','modifiedAt':'m',"
                        + "'expiresAt':'e','unitCode':'CEL','datasetId':'urn:d'}",
                "{'type':'Property','value':1,'s':{'type':'Property','value':2.0,'t':{'type':'Relationship','object':'urn:o'}}}",
                "[{'type':'Property','value':1},{'type':'Property','value':2,'datasetId':'urn:d'}]",
                "{'type':'Relationship','object':'urn:o','objectType':['F','https://x/G']}",
                "{'type':'Relationship','object':['urn:o','urn:p']}",
                "{'type':'GeoProperty','value':{'type':'Point','coordinates':[8.0,49.5]}}",
                "{'type':'LanguageProperty','languageMap':{'en':'x','de':['y','z'],'@none':'w'}}",
                "{'type':'VocabProperty','vocab':['On','https://x/Off']}",
                "{'type':'JsonProperty','json':{'b':[1.0,1e30,0.1,null,true],'a':'\\u00e4\\n\\u0001'}}",
                "{'type':'ListProperty','valueList':[2.0,1,2.0,'t',[3,[]],{'x':1}]}",
                "{'type':'ListProperty','valueList':[]}",
                "{'type':'ListRelationship','objectList':[{'object':'urn:o'},{'object':'urn:o'}]}"
            })
    void anAttributeMeansWhatJsonLdSays(String attribute) throws RecordRefused, DataException {
        for (Numbers numbers : Numbers.values()) {
            assertSameAsJsonLd(
                    "{'id':'urn:x:1','type':['T','https://x/U'],'scope':'/s','a':" + attribute + "}", numbers);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "['https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld',{'a':'https://x/own','T':'https://x/TT'}]",
                "['https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld',{'x':'https://x/','a':'x:own'}]",
                "['https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld',{'x':{'@id':'https://x/q','@type':'@id'}}]",
                "['https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld',{'@vocab':'https://x/vocabulary#'}]",
                "[{'a':'https://x/own'},'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld']",
                "'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld'"
            })
    void aContextMeansWhatJsonLdSays(String context) throws RecordRefused, DataException {
        String json = "{'@context':" + context + ",'id':'urn:x:1','type':'T',"
                + "'a':{'type':'Property','value':{'x':'https://x/v','x:y':1}},"
                + "'b':{'type':'Relationship','object':'x:o'}}";
        assertSameAsJsonLd(json, Numbers.JSON_LD);
    }

    @ParameterizedTest
    @EnumSource
    void theDocumentItselfStaysAsItIs(Numbers numbers) throws RecordRefused {
        EntityDocument entity = read("{'id':'urn:x:1','type':'T','a':{'value':1.0,'s':{'value':{'x':2.0}}},'b':'t'}");
        EntityDocument made = DocumentNumbers.apply(entity, numbers);
        String integer = "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>";
        String wide = "\"1.0E0\"^^<http://www.w3.org/2001/XMLSchema#double>";
        assertThat(made.attributes()[0].values())
                .hasToString(
                        switch (numbers) {
                            case DECLARED -> "[\"1.0\"^^<http://www.w3.org/2001/XMLSchema#integer>]";
                            case JSON_LD -> "[" + integer + "]";
                            case DOUBLE -> "[" + wide + "]";
                        });
        assertThat(made.attributes()[1]).isSameAs(entity.attributes()[1]);
        Attribute before = entity.attributes()[0].subAttributes()[0];
        assertThat(before.parent()).isSameAs(entity.attributes()[0]);
        assertThat(((StructuredNode) before.values().get(0)).attribute()).isSameAs(before);
        Attribute after = made.attributes()[0].subAttributes()[0];
        assertThat(after.label()).isEqualTo(before.label());
        assertThat(((BlankNode) after.values().get(0)).label())
                .isEqualTo(((BlankNode) before.values().get(0)).label());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {'id':'urn:x:1'                                              | invalid-json
            {'id':'urn:x:1','type':'T','@context':'https://nowhere/'}    | unknown-context
            {'id':'urn:x:1','type':'T','deletedAt':'2026-01-01T00:00:00Z'} | deleted-entity
            {'type':'Notification','data':[]}                            | missing-id
            """)
    void refused(String json, String code) throws Exception {
        String program = "{\"formatVersion\":1,\"numbers\":\"declared\",\"shapes\":{},\"units\":[],\"knowledge\":{}}";
        EntityReader reader =
                EntityReaders.of(Program.read(program.getBytes(StandardCharsets.UTF_8)), Numbers.DECLARED);
        EntityReader.Refused refused = catchThrowableOfType(EntityReader.Refused.class, () -> reader.read(bytes(json)));
        assertThat(refused.code()).isEqualTo(code);
    }
}
