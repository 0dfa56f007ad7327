package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkjobrunner.validator.wire.Records.ID;
import static org.flinkjobrunner.validator.wire.Records.decode;
import static org.flinkjobrunner.validator.wire.Records.document;
import static org.flinkjobrunner.validator.wire.Records.record;
import static org.flinkjobrunner.validator.wire.Records.refusal;
import static org.flinkjobrunner.validator.wire.Records.text;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentDecoderTest {
    private static InputRecord attribute(String json) {
        return document("{'id':'urn:x:1','type':'T','a':" + json + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            # normalized
            {'type':'Property','value':20.0}                      | d:a PROPERTY 20.0
            {'type':'Property','value':'t'}                       | d:a PROPERTY "t"
            {'type':'Property','value':false}                     | d:a PROPERTY "false"^^<xsd:boolean>
            {'type':'Property','value':[1,'b',1,[2]]}             | d:a PROPERTY 1 "b" 2
            {'type':'Property','value':[]}                        | d:a PROPERTY
            {'type':'Property','value':[1,null]}                  | d:a PROPERTY 1
            {'type':'Property','value':{'@id':'urn:v'}}           | d:a PROPERTY <urn:v>
            {'type':'Property','value':{'x':1,'y':{'z':['p','q']}}} | d:a PROPERTY {d:x=[1], d:y=[{d:z=["p", "q"]}]}
            {'type':'Property','value':{'@type':'https://x/D','@value':'5'}} | d:a PROPERTY "5"^^<x:D>
            {'type':'Property','value':{'type':'https://x/D','@value':'5'}} | d:a PROPERTY "5"^^<x:D>
            {'type':'Property','value':{'@language':'en','@value':'hi'}} | d:a PROPERTY "hi"@en
            {'type':'Property','value':{'@value':20.0}}           | d:a PROPERTY 20.0
            {'type':'Property','value':{'@value':20.0,'@type':'http://www.w3.org/2001/XMLSchema#double'}} | d:a PROPERTY "2.0E1"^^<xsd:double>
            {'type':'Property','value':{'@value':20.0,'@type':'http://www.w3.org/2001/XMLSchema#decimal'}} | d:a PROPERTY "20"^^<xsd:decimal>
            {'type':'Property','value':{'@list':[1,1]}}           | d:a PROPERTY {rdf:first=[1], rdf:rest=[{rdf:first=[1], rdf:rest=[<rdf:nil>]}]}
            {'type':'Relationship','object':'urn:o'}              | d:a RELATIONSHIP <urn:o>
            {'type':'Relationship','object':['urn:o','urn:p']}    | d:a RELATIONSHIP <urn:o> <urn:p>
            {'type':'Relationship','object':'urn:o','objectType':'https://x/F'} | d:a RELATIONSHIP <urn:o> Metadata[objectTypes=[x:F]]
            {'type':'GeoProperty','value':{'type':'Point','coordinates':[8.5,49]}} | d:a GEO {geo:coordinates=[{rdf:first=[8.5], rdf:rest=[{rdf:first=[49], rdf:rest=[<rdf:nil>]}]}], rdf:type=[<geo:Point>]}
            {'type':'LanguageProperty','languageMap':{'en':'x','de':['y','z'],'@none':'w'}} | d:a LANGUAGE "x"@en "y"@de "z"@de "w"
            {'type':'VocabProperty','vocab':'On'}                 | d:a VOCAB <d:On>
            {'type':'VocabProperty','vocab':['https://x/On','Off']} | d:a VOCAB <x:On> <d:Off>
            {'type':'JsonProperty','json':{'b':1.0,'a':[null,'x']}} | d:a JSON "{\\"a\\":[null,\\"x\\"],\\"b\\":1}"^^<rdf:JSON>
            {'type':'ListProperty','valueList':[2,1,2]}           | d:a LIST {rdf:first=[2], rdf:rest=[{rdf:first=[1], rdf:rest=[{rdf:first=[2], rdf:rest=[<rdf:nil>]}]}]}
            {'type':'ListProperty','valueList':[]}                | d:a LIST <rdf:nil>
            {'type':'ListRelationship','objectList':['urn:o']}    | d:a LIST_RELATIONSHIP {rdf:first=[<urn:o>], rdf:rest=[<rdf:nil>]}
            {'type':'ListRelationship','objectList':[{'object':'urn:o'}]} | d:a LIST_RELATIONSHIP {rdf:first=[{n:hasObject=[<urn:o>]}], rdf:rest=[<rdf:nil>]}
            # metadata and sub-attributes
            {'type':'Property','value':1,'observedAt':'2026-01-01T00:00:01Z','unitCode':'CEL'} | d:a PROPERTY 1 Metadata[observedAt=2026-01-01T00:00:01Z, unitCode=CEL, ] @1000
            {'type':'Property','value':1,'createdAt':'c','modifiedAt':'m','expiresAt':'e'} | d:a PROPERTY 1 Metadata[createdAt=c, modifiedAt=m, expiresAt=e, ]
            {'type':'Property','value':1,'datasetId':'urn:d'}     | d:a[urn:d] PROPERTY 1
            {'type':'Property','value':1,'datasetId':'@none'}     | d:a PROPERTY 1
            {'type':'Property','value':1,'s':{'type':'Property','value':2,'t':{'object':'urn:o'}}} | d:a PROPERTY 1 (d:s PROPERTY 2 (d:t RELATIONSHIP <urn:o>))
            {'type':'Property','value':1,'z':{'value':2},'s':[{'value':3,'datasetId':'urn:d'},{'value':4}]} | d:a PROPERTY 1 (d:s PROPERTY 4) (d:s[urn:d] PROPERTY 3) (d:z PROPERTY 2)
            {'type':'Property','value':1,'instanceId':'urn:i','previousValue':7} | d:a PROPERTY 1
            # concise
            7                                                     | d:a PROPERTY 7
            [7,8]                                                 | d:a PROPERTY 7 8
            'text'                                                | d:a PROPERTY "text"
            {'value':7}                                           | d:a PROPERTY 7
            {'object':'urn:o'}                                    | d:a RELATIONSHIP <urn:o>
            {'languageMap':{'en':'x'}}                            | d:a LANGUAGE "x"@en
            {'vocab':'On'}                                        | d:a VOCAB <d:On>
            {'json':3}                                            | d:a JSON "3"^^<rdf:JSON>
            {'valueList':[1]}                                     | d:a LIST {rdf:first=[1], rdf:rest=[<rdf:nil>]}
            {'objectList':['urn:o']}                              | d:a LIST_RELATIONSHIP {rdf:first=[<urn:o>], rdf:rest=[<rdf:nil>]}
            {'type':'Point','coordinates':[1,2]}                  | d:a GEO {geo:coordinates=[{rdf:first=[1], rdf:rest=[{rdf:first=[2], rdf:rest=[<rdf:nil>]}]}], rdf:type=[<geo:Point>]}
            {'value':{'type':'Point','coordinates':[1]}}          | d:a GEO {geo:coordinates=[{rdf:first=[1], rdf:rest=[<rdf:nil>]}], rdf:type=[<geo:Point>]}
            {'@id':'urn:v'}                                       | d:a PROPERTY <urn:v>
            # deletions
            null                                                  | d:a deleted
            'urn:ngsi-ld:null'                                    | d:a deleted
            {'type':'Property','value':'urn:ngsi-ld:null'}        | d:a deleted
            {'type':'Property','value':null}                      | d:a deleted
            {'object':'urn:ngsi-ld:null','datasetId':'urn:d'}     | d:a[urn:d] deleted
            {'languageMap':{'@none':'urn:ngsi-ld:null'}}          | d:a deleted
            {'value':1,'deletedAt':'2026-01-01T00:00:00Z'}        | d:a deleted
            {'value':'urn:ngsi-ld:null','observedAt':'2026-01-01T00:00:02Z'} | d:a deleted timed @2000
            {'value':1,'s':'urn:ngsi-ld:null'}                    | d:a PROPERTY 1
            """)
    void attributes(String json, String expected) throws RecordRefused {
        assertThat(text(decode(attribute(json))).strip()).isEqualTo(expected);
    }

    @Test
    void severalInstances() throws RecordRefused {
        assertThat(text(decode(attribute("[{'value':1},{'value':2,'datasetId':'urn:d'}]"))))
                .isEqualTo("d:a PROPERTY 1\nd:a[urn:d] PROPERTY 2");
        assertThat(text(decode(attribute("[]")))).isEmpty();
    }

    @Test
    void aHistoryIsAsManyWrites() throws RecordRefused {
        String history = "[{'value':1,'observedAt':'2026-01-01T00:00:01Z'},"
                + "{'value':2,'observedAt':'2026-01-01T00:00:03Z'},{'value':3,'observedAt':'2026-01-01T00:00:02Z'}]";
        EntityChange change = decode(attribute(history));
        assertThat(((EntityChange.Document) change).attributes())
                .extracting(write -> write.eventTime() - Records.NANOS)
                .containsExactly(1_000_000_000L, 3_000_000_000L, 2_000_000_000L);
        assertThat(ChangeDocuments.of((EntityChange.Document) change).attributes())
                .extracting(Records::text)
                .containsExactly("d:a PROPERTY 2 Metadata[observedAt=2026-01-01T00:00:03Z, ]");
    }

    @Test
    void expandedJsonLdMeansTheSame() throws RecordRefused {
        String n = "https://uri.etsi.org/ngsi-ld/";
        String expanded = "[{'@id':'urn:x:1','@type':['https://x/T'],'https://x/a':[{'@type':['" + n + "Property'],'"
                + n
                + "hasValue':[{'@value':20.0}],'" + n + "observedAt':[{'@type':'" + n
                + "DateTime','@value':'2026-01-01T00:00:01Z'}],'" + n + "datasetId':[{'@id':'urn:d'}],'" + n
                + "unitCode':[{'@value':'CEL'}],'https://x/s':[{'@type':['" + n + "Relationship'],'" + n
                + "hasObject':[{'@id':'urn:o'}],'" + n
                + "hasObjectType':[{'@id':'https://x/F'}]}]}],'https://x/l':[{'@type':['"
                + n + "ListProperty'],'" + n + "hasValueList':[{'@list':[{'@value':1}]}]}],'https://x/m':[{'@type':['"
                + n
                + "LanguageProperty'],'" + n
                + "hasLanguageMap':[{'@language':'en','@value':'t'}]}],'https://x/j':[{'@type':['" + n
                + "JsonProperty'],'" + n + "hasJSON':[{'@type':'@json','@value':{'k':1}}]}],'https://x/v':[{'@type':['"
                + n + "VocabProperty'],'" + n + "hasVocab':[{'@id':'https://x/On'}]}]}]";
        EntityChange change = decode(document(expanded));
        assertThat(text(change).lines())
                .containsExactly(
                        "x:a[urn:d] PROPERTY 20.0 Metadata[observedAt=2026-01-01T00:00:01Z, unitCode=CEL, ]"
                                + " (x:s RELATIONSHIP <urn:o> Metadata[objectTypes=[x:F]]) @1000",
                        "x:l LIST {rdf:first=[1], rdf:rest=[<rdf:nil>]}",
                        "x:m LANGUAGE \"t\"@en",
                        "x:j JSON \"{\\\"k\\\":1}\"^^<rdf:JSON>",
                        "x:v VOCAB <x:On>");
        assertThat(((EntityChange.Document) change).types()).containsExactly("https://x/T");
    }

    @Test
    void theEntityItself() throws RecordRefused {
        EntityChange.Document change = (EntityChange.Document) decode(
                document("{'id':'urn:x:1','type':['A','B','A'],'scope':['/p','/q'],'createdAt':'c','modifiedAt':'m'}"));
        assertThat(change.entityId()).isEqualTo(ID);
        assertThat(change.operation()).isEqualTo(Operation.REPLACE);
        assertThat(change.types()).extracting(Records::shortened).containsExactly("d:A", "d:B");
        assertThat(change.scope()).containsExactly("/p", "/q");
        assertThat(change.attributes()).isEmpty();
        assertThat(ChangeDocuments.of(change).types()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void operations(Operation operation) throws RecordRefused {
        String json = "{'id':'urn:x:1','type':'T','a':null}";
        EntityChange change = decode(record(InputTopic.NGSI_LD, operation, ID, ID, json));
        if (operation == Operation.DELETE) {
            assertThat(change).isEqualTo(new EntityChange.EntityDelete(ID));
        } else {
            assertThat(((EntityChange.Document) change).operation()).isEqualTo(operation);
            assertThat(text(change)).isEqualTo("d:a deleted");
        }
    }

    @Test
    void whatDeletesTheEntity() throws RecordRefused {
        assertThat(decode(document(null))).isEqualTo(new EntityChange.EntityDelete(ID));
        assertThat(decode(document("{'id':'urn:x:1','type':'T','deletedAt':'2026-01-01T00:00:00Z'}")))
                .isEqualTo(new EntityChange.EntityDelete(ID));
    }

    @Test
    void aFragmentNeedsNoType() throws RecordRefused {
        String json = "{'id':'urn:x:1','a':1}";
        EntityChange change = decode(record(InputTopic.NGSI_LD, Operation.UPSERT, ID, ID, json));
        assertThat(((EntityChange.Document) change).types()).isEmpty();
        assertThat(refusal(document(json))).isEqualTo("missing-type ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            textBlock =
                    """
            {'type':'Prop','value':1}                        | unknown-attribute-kind /a/type
            {'type':['Property','Relationship'],'value':1}   | unknown-attribute-kind /a/type
            {'type':7,'value':1}                             | unknown-attribute-kind /a/type
            {'type':'Property'}                              | missing-value /a
            {'type':'Relationship'}                          | missing-value /a
            {'unitCode':'CEL'}                               | missing-value /a
            {'x':1,'y':2}                                    | missing-value /a
            {}                                               | missing-value /a
            {'type':'Property','object':'urn:o'}             | invalid-value /a
            {'value':1,'object':'urn:o'}                     | several-values /a/object
            {'type':'Relationship','object':'no iri'}        | invalid-iri /a/object
            {'type':'Relationship','object':'relative'}      | invalid-iri /a/object
            {'type':'Relationship','object':7}               | invalid-iri /a/object
            {'type':'Relationship','object':[]}              | invalid-iri /a/object
            {'type':'Relationship','object':['urn:o',7]}     | invalid-iri /a/object
            {'type':'LanguageProperty','languageMap':'x'}    | invalid-value /a/languageMap
            {'type':'LanguageProperty','languageMap':{'en':7}} | invalid-value /a/languageMap/en
            {'type':'LanguageProperty','languageMap':{'not a tag':'x'}} | invalid-language /a/languageMap/not a tag
            {'type':'Property','value':{'@value':{}}}        | invalid-value /a/value
            {'type':'Property','value':{'@id':'urn:v','x':1}} | unsupported-value /a/value
            {'type':'Property','value':{'@reverse':{}}}      | unsupported-keyword /a/value
            {'type':'Property','value':{'@id':'v'}}          | invalid-iri /a/value
            {'type':'Property','value':{'no name':1}}        | invalid-name /a/value/no name
            {'type':'Property','value':1,'observedAt':'yesterday'} | invalid-time /a/observedAt
            {'type':'Property','value':1,'observedAt':7}     | invalid-value /a/observedAt
            {'type':'Property','value':1,'unitCode':{}}      | invalid-value /a/unitCode
            {'type':'Property','value':1,'datasetId':'d'}    | invalid-iri /a/datasetId
            {'type':'Property','value':1,'id':'urn:i'}       | unexpected-member /a/id
            {'value':1,'no name':2}                          | invalid-name /a/no name
            {'value':1,'s':{'type':'Prop','value':1}}        | unknown-attribute-kind /a/s/type
            {'value':1,'s':[{'value':1},{'value':2}]}        | duplicate-instance /a
            [{'value':1},{'value':2}]                        | duplicate-instance -
            [{'value':1,'datasetId':'urn:d'},{'value':2,'datasetId':'urn:d'}] | duplicate-instance -
            [{'value':1},{'value':2,'observedAt':'2026-01-01T00:00:00Z'}] | duplicate-instance -
            [{'value':1,'observedAt':'2026-01-01T00:00:00Z'},{'value':2,'observedAt':'2026-01-01T00:00:00.0Z'}] | duplicate-instance -
            [1,{'value':2}]                                  | invalid-value /a/0
            {'value':1,'value':2}                            | duplicate-member /a/value
            NaN                                              | invalid-json /a
            01                                               | invalid-json /a
            '\\ud800'                                        | invalid-string /a
            {'\\udc00':1}                                    | invalid-json /a
            """)
    void refusedAttributes(String json, String expected) {
        assertThat(refusal(attribute(json))).isEqualTo(expected.endsWith(" -") ? "duplicate-instance " : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {'id':'urn:x:1','type':                     | invalid-json /type
            {'id':'urn:x:1','type':'T'} {}              | trailing-content ``
            [1]                                         | invalid-entity ``
            7                                           | invalid-entity ``
            {'type':'T'}                                | missing-id ``
            {'id':7,'type':'T'}                         | invalid-id /id
            {'id':'urn:x:1','@id':'urn:x:1','type':'T'} | invalid-id /@id
            {'id':'no id','type':'T'}                   | invalid-id /id
            {'id':'urn:x:2','type':'T'}                 | id-mismatch /id
            {'id':'urn:x:1','type':{'a':1}}             | invalid-type /type
            {'id':'urn:x:1','type':['T',7]}             | invalid-type /type
            {'id':'urn:x:1','type':'T','scope':7}       | invalid-value /scope
            {'id':'urn:x:1','type':'T','value':7}       | unexpected-member /value
            {'id':'urn:x:1','type':'T','@graph':[]}     | unexpected-member /@graph
            {'id':'urn:x:1','type':'T','@context':7}    | invalid-context /@context
            {'id':'urn:x:1','type':'T','@context':['https://nowhere/']} | unknown-context /@context/0
            {'id':'urn:x:1','type':'T','type':'U'}      | duplicate-member /type
            {'id':'urn:x:1','type':'T','a':1,'https://uri.etsi.org/ngsi-ld/default-context/a':2} | duplicate-instance ``
            """)
    void refusedEntities(String json, String expected) {
        assertThat(refusal(document(json)).strip())
                .isEqualTo(expected.replace("``", "").strip());
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 150, 10_000, 300_000})
    void nothingIsNestedTooDeepForTheStack(int depth) {
        String subAttributes = "{'value':1,'s':".repeat(depth) + "1" + "}".repeat(depth);
        assertThat(refusal(attribute(subAttributes))).startsWith("too-deep /a/s/s");
        String arrays = "[".repeat(depth) + "]".repeat(depth);
        assertThat(refusal(attribute("{'value':" + arrays + "}")))
                .startsWith(depth < 190 ? "accepted" : "too-deep /a/value/0");
        assertThat(refusal(attribute("{'json':" + arrays + "}")))
                .startsWith(depth < 190 ? "accepted" : "too-deep /a/json/0");
        assertThat(refusal(attribute("{'valueList':" + arrays + "}")))
                .startsWith(depth < 190 ? "accepted" : "too-deep /a/valueList/0");
    }

    @Test
    void whatIsLargeIsReadOrRefused() throws RecordRefused {
        assertThat(text(decode(attribute("'" + "x".repeat(1 << 20) + "'")))).hasSizeGreaterThan(1 << 20);
        String numbers = "[" + "1,".repeat(400_000) + "1]";
        assertThat(refusal(attribute("{'valueList':" + numbers + "}"))).startsWith("too-large /a/valueList/");
        assertThat(refusal(attribute("{'value':" + "9".repeat(5_000) + "}"))).startsWith("too-large /a");
        assertThat(refusal(attribute("{'value':1e999999}"))).isEqualTo("accepted");
        assertThat(refusal(attribute("{'json':1e999999}"))).isEqualTo("accepted");
    }

    @Test
    void equalNamesAreTheSameObject() throws RecordRefused {
        ChangeDecoder decoder = new ChangeDecoder(Records.CONTEXTS);
        InputRecord record = attribute("{'value':1,'datasetId':'urn:d','unitCode':'CEL'}");
        List<EntityChange.AttributeWrite> first = ((EntityChange.Document) decoder.decode(record)).attributes();
        List<EntityChange.AttributeWrite> second = ((EntityChange.Document) decoder.decode(record)).attributes();
        assertThat(first.get(0).key().name()).isSameAs(second.get(0).key().name());
        assertThat(first.get(0).key().datasetId()).isSameAs(second.get(0).key().datasetId());
        assertThat(first.get(0).attribute().metadata().unitCode())
                .isSameAs(second.get(0).attribute().metadata().unitCode());
    }
}
