package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkjobrunner.validator.wire.Records.ID;
import static org.flinkjobrunner.validator.wire.Records.decode;
import static org.flinkjobrunner.validator.wire.Records.record;
import static org.flinkjobrunner.validator.wire.Records.refusal;
import static org.flinkjobrunner.validator.wire.Records.text;

import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlatDecoderTest {
    private static final String BASE = "'id':'urn:x:1\\\\0011','entityId':'urn:x:1','name':'https://x/a'";

    private static InputRecord attribute(String json) {
        return record(InputTopic.IFF_ATTRIBUTES, null, ID, ID, json);
    }

    /** @param type of the attribute, without the namespace */
    private static InputRecord attribute(String type, String members) {
        return attribute("{" + BASE + ",'type':'https://uri.etsi.org/ngsi-ld/" + type + "'," + members + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            Property | 'nodeType':'@value','attributeValue':20.0         | x:a PROPERTY 20.0
            Property | 'nodeType':'@value','attributeValue':-2e3         | x:a PROPERTY -2e3
            Property | 'nodeType':'@value','attributeValue':true         | x:a PROPERTY "true"^^<xsd:boolean>
            Property | 'nodeType':'@value','attributeValue':'20'         | x:a PROPERTY "20"
            Property | 'nodeType':'@value','attributeValue':'\\u00e4\\n' | x:a PROPERTY "ä\\n"
            Property | 'nodeType':'@value','attributeValue':'a \\'b\\\\' | x:a PROPERTY "a \\"b\\\\"
            Property | 'nodeType':'@value','attributeValue':'5','valueType':'http://www.w3.org/2001/XMLSchema#double' | x:a PROPERTY "5"^^<xsd:double>
            Property | 'nodeType':'@value','attributeValue':5,'valueType':'http://www.w3.org/2001/XMLSchema#double' | x:a PROPERTY "5"^^<xsd:double>
            Property | 'nodeType':'@value','attributeValue':'t','lang':'en' | x:a PROPERTY "t"@en
            Property | 'nodeType':'@id','attributeValue':'urn:v'         | x:a PROPERTY <urn:v>
            Property | 'nodeType':'@json','attributeValue':'{\\'https://x/k\\':1}' | x:a PROPERTY {x:k=[1]}
            Property | 'nodeType':'@value','attributeValue':1,'unitCode':'CEL' | x:a PROPERTY 1 Metadata[observedAt=2026-01-01T00:00:00.000Z, unitCode=CEL, ]
            Property | 'nodeType':'@value','attributeValue':1,'datasetId':'urn:d' | x:a[urn:d] PROPERTY 1
            Property | 'nodeType':'@value','attributeValue':1,'datasetId':'@none','synced':true,'unitCode':null | x:a PROPERTY 1
            Property | 'nodeType':'@value','attributeValue':1,'other':{'x':[1]} | x:a PROPERTY 1
            Property | 'nodeType':'@value','attributeValue':1,'observedAt':'2026-01-01T00:00:01.5+00:00' | x:a PROPERTY 1 Metadata[observedAt=2026-01-01T00:00:01.5+00:00, ] @1500
            Property | 'nodeType':'@value','attributeValue':1,'observedAt':1767225601000 | x:a PROPERTY 1 Metadata[observedAt=2026-01-01T00:00:01.000Z, ] @1000
            Relationship | 'nodeType':'@id','attributeValue':'urn:o'     | x:a RELATIONSHIP <urn:o>
            GeoProperty | 'nodeType':'@json','attributeValue':'{\\'type\\':\\'Point\\',\\'coordinates\\':[1]}' | x:a GEO {geo:coordinates=[{rdf:first=[1], rdf:rest=[<rdf:nil>]}], rdf:type=[<geo:Point>]}
            LanguageProperty | 'nodeType':'@value','attributeValue':'t','lang':'de' | x:a LANGUAGE "t"@de
            LanguageProperty | 'nodeType':'@json','attributeValue':'{\\'en\\':\\'t\\'}' | x:a LANGUAGE "t"@en
            VocabProperty | 'nodeType':'@id','attributeValue':'https://x/On' | x:a VOCAB <x:On>
            JsonProperty | 'nodeType':'@json','attributeValue':'{\\'b\\': 1, \\'a\\': 2}' | x:a JSON "{\\"a\\":2,\\"b\\":1}"^^<rdf:JSON>
            JsonProperty | 'nodeType':'@list','attributeValue':'[1,1]'   | x:a LIST {rdf:first=[1], rdf:rest=[{rdf:first=[1], rdf:rest=[<rdf:nil>]}]}
            ListProperty | 'nodeType':'@list','attributeValue':'[1]'     | x:a LIST {rdf:first=[1], rdf:rest=[<rdf:nil>]}
            ListProperty | 'nodeType':'@list','attributeValue':[1]       | x:a LIST {rdf:first=[1], rdf:rest=[<rdf:nil>]}
            ListProperty | 'nodeType':'@list','attributeValue':'[{\\'@value\\':1}]' | x:a LIST {rdf:first=[1], rdf:rest=[<rdf:nil>]}
            ListRelationship | 'nodeType':'@list','attributeValue':'[\\'urn:o\\']' | x:a LIST_RELATIONSHIP {rdf:first=[<urn:o>], rdf:rest=[<rdf:nil>]}
            # deletions are timed
            Property | 'deleted':true                                    | x:a deleted timed
            Property | 'nodeType':'@value','attributeValue':1,'deleted':true | x:a deleted timed
            Property | 'nodeType':'@value','attributeValue':null         | x:a deleted timed
            Property | 'observedAt':'2026-01-01T00:00:01Z'               | x:a deleted timed @1000
            """)
    void attributes(String type, String members, String expected) throws RecordRefused {
        assertThat(text(decode(attribute(type, members)))).isEqualTo(expected);
    }

    @Test
    void idsAreOpaque() throws RecordRefused {
        String json = "{" + BASE + ",'parentId':'urn:x:1\\\\0022','deleted':true}";
        assertThat(decode(attribute(json)))
                .isEqualTo(new EntityChange.FlatAttribute(
                        ID,
                        "urn:x:1\\0011",
                        "urn:x:1\\0022",
                        new AttributeWrite(new AttributeKey("https://x/a", "@none"), null, Records.NANOS, true)));
    }

    @Test
    void namesMayBeOfTheDefaultContext() throws RecordRefused {
        String json = "{'id':'i','entityId':'urn:x:1','name':'a','deleted':true}";
        assertThat(text(decode(attribute(json)))).isEqualTo("d:a deleted timed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            Prop     | 'nodeType':'@value','attributeValue':1     | unknown-attribute-kind /type
            Property | 'attributeValue':1                         | missing-member /nodeType
            Property | 'nodeType':'@list','attributeValue':'[]'   | invalid-node-type /nodeType
            Property | 'nodeType':'what','attributeValue':1       | invalid-node-type /nodeType
            Property | 'nodeType':'@value','attributeValue':{}    | invalid-value /attributeValue
            Property | 'nodeType':'@value','attributeValue':[1]   | invalid-value /attributeValue
            Property | 'nodeType':'@id','attributeValue':'no iri' | invalid-iri /attributeValue
            Property | 'nodeType':'@id','attributeValue':7        | invalid-iri /attributeValue
            Property | 'nodeType':'@json','attributeValue':'{'    | invalid-json /attributeValue
            Property | 'nodeType':'@value','attributeValue':'x','lang':'no tag' | invalid-language /lang
            Property | 'nodeType':'@value','attributeValue':1,'valueType':'t' | invalid-iri /valueType
            Property | 'nodeType':'@value','attributeValue':1,'datasetId':'d' | invalid-iri /datasetId
            Property | 'nodeType':'@value','attributeValue':1,'observedAt':'now' | invalid-time /observedAt
            Property | 'nodeType':'@value','attributeValue':1,'observedAt':1.5 | invalid-time /observedAt
            Property | 'nodeType':'@value','attributeValue':1,'deleted':'yes' | invalid-value /deleted
            Property | 'nodeType':7,'attributeValue':1            | invalid-value /nodeType
            Property | 'nodeType':'@value','nodeType':'@value'    | duplicate-member /nodeType
            Property | 'nodeType':'@value','attributeValue':NaN   | invalid-json /attributeValue
            Property | 'nodeType':'@value','attributeValue':01    | invalid-json /attributeValue
            ListProperty | 'nodeType':'@list','attributeValue':'7' | invalid-value /attributeValue
            ListProperty | 'nodeType':'@value','attributeValue':'7' | invalid-node-type /nodeType
            Relationship | 'nodeType':'@value','attributeValue':'urn:o' | invalid-node-type /nodeType
            """)
    void refusedAttributes(String type, String members, String expected) {
        assertThat(refusal(attribute(type, members))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {'id':'i','name':'https://x/a','deleted':true}                        | missing-id /entityId
            {'id':'i','entityId':'urn:x:2','name':'https://x/a','deleted':true}   | id-mismatch /entityId
            {'entityId':'urn:x:1','name':'https://x/a','deleted':true}            | missing-member /id
            {'id':'i','entityId':'urn:x:1','deleted':true}                        | missing-member /name
            {'id':'i','entityId':'urn:x:1','name':'no name','deleted':true}       | invalid-name /name
            {'id':'i','entityId':'urn:x:1','name':'https://x/a','deleted':true}]  | invalid-json /
            {'id':'i','entityId':'urn:x:1','name':'https://x/a','deleted':true}{} | trailing-content /
            [1]                                                                   | invalid-entity /
            {'id':'i',                                                            | invalid-json /id
            """)
    void refusedRecords(String json, String expected) {
        assertThat(refusal(attribute(json)))
                .isEqualTo(expected.endsWith(" /") ? expected.substring(0, expected.length() - 1) : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {'id':'urn:x:1','type':'https://x/T'}                | EntityType[entityId=urn:x:1, type=x:T]
            {'id':'urn:x:1','type':'https://x/T','deleted':true} | EntityDelete[entityId=urn:x:1]
            {'id':'urn:x:1','deleted':true}                      | EntityDelete[entityId=urn:x:1]
            {'id':'urn:x:1','type':'T','deleted':false}          | EntityType[entityId=urn:x:1, type=d:T]
            """)
    void entities(String json, String expected) throws RecordRefused {
        EntityChange change = decode(record(InputTopic.IFF_ENTITIES, null, ID, ID, json));
        assertThat(Records.shortened(change.toString())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {'id':'urn:x:1'}                | invalid-type /type
            {'id':'urn:x:1','type':['T']}   | invalid-value /type
            {'id':'urn:x:2','type':'T'}     | id-mismatch /id
            {'type':'T'}                    | missing-id /id
            """)
    void refusedEntities(String json, String expected) {
        assertThat(refusal(record(InputTopic.IFF_ENTITIES, null, ID, ID, json))).isEqualTo(expected);
    }

    @Test
    void tombstones() throws RecordRefused {
        assertThat(decode(record(InputTopic.IFF_ENTITIES, null, ID, ID, null)))
                .isEqualTo(new EntityChange.EntityDelete(ID));
        assertThat(decode(record(InputTopic.IFF_ATTRIBUTES, null, ID, ID, null)))
                .isEqualTo(new EntityChange.EntityDelete(ID));
        String key = "{'id':'urn:x:1\\\\0011','datasetId':'urn:d'}";
        assertThat(decode(record(InputTopic.IFF_ATTRIBUTES, null, ID, key, null)))
                .isEqualTo(new EntityChange.FlatAttribute(
                        ID,
                        "urn:x:1\\0011",
                        null,
                        new AttributeWrite(new AttributeKey("", "urn:d"), null, Records.NANOS, true)));
        assertThat(refusal(record(InputTopic.IFF_ATTRIBUTES, null, ID, "{}", null)))
                .isEqualTo("missing-member /id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void theScanAndTheFullReaderAgree(String space) throws RecordRefused {
        String json = "{" + BASE + ",'type':'https://uri.etsi.org/ngsi-ld/Property','nodeType':'@value',"
                + "'attributeValue':-0.50,'datasetId':'@none','unitCode':'CEL','synced':true}";
        String spaced = space + json.replace(",", space + "," + space).replace("':", "'" + space + ":" + space) + space;
        FlatRecord flat = new FlatRecord();
        assertThat(new FlatScan().read(Records.bytes(spaced), ID, flat)).isTrue();
        String other = json.replace("'synced'", "'unknown'");
        assertThat(new FlatScan().read(Records.bytes(other), ID, new FlatRecord()))
                .isFalse();
        assertThat(text(decode(attribute(spaced)))).isEqualTo(text(decode(attribute(other))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "{'id'",
                "{'id':",
                "{'id':'a",
                "{'id':'a'",
                "{'id':'a',",
                "{'id':'a'}}",
                "{'id':'\\",
                "{'id':tru",
                "{'id':true}",
                "{'attributeValue':1.}",
                "{'attributeValue':.1}",
                "{'attributeValue':-}",
                "{'attributeValue':1",
                "{'id' 'a'}",
                "{'id':'a' 'name':'b'}",
                "{'deleted':1}",
                "{'id':'a','id':'a'}",
                "{'deleted':'true'}",
                "{'name':'a\\\\'}",
                "{'id':'ä'}",
                "{'id':'\u0001'}",
                "{,}",
                "{'id':'a',}"
            })
    void theScanGivesUp(String json) {
        assertThat(new FlatScan().read(Records.bytes(json), ID, new FlatRecord()))
                .isFalse();
    }
}
