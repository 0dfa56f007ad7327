package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkjobrunner.validator.wire.Records.bytes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSplitterTest {
    private static final String CUTTER = "{'id':'urn:x:1','type':'T','a':1}";
    private static final String FILTER = "{'id':'urn:x:2','type':'T','a':2}";
    private static final String BAD = "{'id':'urn:x:3','type':'T','a':{'type':'Prop','value':1}}";

    private final List<InputRecord> records = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final RecordSplitter splitter = new RecordSplitter();

    private List<String> split(InputTopic topic, Operation operation, String key, String value) {
        return split(Records.record(topic, operation, "", key, value));
    }

    /** Entity ids, and codes of refusals. */
    private List<String> split(InputRecord kafkaRecord) {
        records.clear();
        refused.clear();
        splitter.split(kafkaRecord, new RecordSplitter.Output() {
            @Override
            public void record(InputRecord record) {
                records.add(record);
            }

            @Override
            public void refused(InputRecord record, RecordRefused why) {
                assertThat(record).isSameAs(kafkaRecord);
                refused.add(why.code() + " " + why.pointer());
            }
        });
        List<String> found =
                new ArrayList<>(records.stream().map(InputRecord::entityId).toList());
        found.addAll(refused);
        return found;
    }

    private static String value(InputRecord record) {
        return new String(record.value(), StandardCharsets.UTF_8).replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            textBlock =
                    """
            IFF_ATTRIBUTES | urn:x:1               | {                               | urn:x:1
            IFF_ATTRIBUTES | {'id':'i'}            | {'id':'i','entityId':'urn:x:1'} | urn:x:1
            IFF_ATTRIBUTES | -                     | {'x':[{'entityId':2}],'entityId':'urn:x:1'} | urn:x:1
            IFF_ATTRIBUTES | 4711                  | {'entityId':'urn:x:1'}          | urn:x:1
            IFF_ATTRIBUTES | urn:x:1\\0011         | {'entityId':'urn:x:1'}          | urn:x:1
            IFF_ATTRIBUTES | 'urn:x:1'             | {'entityId':'urn:x:\\u0031'}    | urn:x:1
            IFF_ATTRIBUTES | -                     | {'\\u0065ntityId':'urn:x:1'}    | urn:x:1
            IFF_ATTRIBUTES | {'id':'urn:x:1\\\\0011','datasetId':'@none'} | -        | urn:x:1
            IFF_ATTRIBUTES | urn:x:1               | -                               | urn:x:1
            IFF_ATTRIBUTES | -                     | {'id':'urn:x:1'}                | missing-id
            IFF_ATTRIBUTES | -                     | {'entityId':7}                  | invalid-id /entityId
            IFF_ATTRIBUTES | -                     | {'entityId':'not an id'}        | invalid-id /entityId
            IFF_ATTRIBUTES | -                     | {'x':                           | invalid-json /x
            IFF_ATTRIBUTES | -                     | -                               | missing-id
            IFF_ATTRIBUTES | {'datasetId':'@none'} | -                               | missing-id
            IFF_ATTRIBUTES | {                     | -                               | invalid-json
            IFF_ENTITIES   | urn:x:1               | {}                              | urn:x:1
            IFF_ENTITIES   | {'id':'urn:x:1'}      | {'type':'T','id':'urn:x:1'}     | urn:x:1
            IFF_ENTITIES   | {'id':'urn:x:1'}      | -                               | urn:x:1
            NGSI_LD        | urn:x:2               | {'type':'T','id':'urn:x:1'}     | urn:x:1
            NGSI_LD        | -                     | {'@id':'urn:x:1','@type':'T'}   | urn:x:1
            NGSI_LD        | -                     | {'a':{'id':'urn:x:2'},'id':'urn:x:1'} | urn:x:1
            NGSI_LD        | -                     | {'id':'urn:x:1','type':'T',     | urn:x:1
            NGSI_LD        | urn:x:1               | -                               | urn:x:1
            NGSI_LD        | -                     | -                               | missing-id
            NGSI_LD        | -                     | {'type':'T'}                    | missing-id
            NGSI_LD        | -                     | {'id':['urn:x:1'],'type':'T'}   | invalid-id /id
            NGSI_LD        | -                     | {'id':'x','type':'T'}           | invalid-id /id
            NGSI_LD        | -                     | 'urn:x:1'                       | invalid-entity
            NGSI_LD        | -                     | {'type':'Notification'}         | missing-id
            NGSI_LD        | -                     | {'type':'Notification','data':7} | invalid-notification /data
            NGSI_LD        | -                     | {'type':'Notification','data':[7]} | invalid-entity
            NGSI_LD        | -                     | [{'id':'urn:x:1','type':'T'}    | invalid-json
            NGSI_LD        | -                     | [{'id':'urn:x:1','type':'T'}]]  | invalid-json
            NGSI_LD        | -                     | {'operationType':'NONE','entityId':'urn:x:1'} | unknown-event /operationType
            """)
    void whoseRecordItIs(InputTopic topic, String key, String value, String expected) {
        assertThat(split(topic, null, key, value)).extracting(String::strip).containsExactly(expected);
    }

    @Test
    void theRecordOfOneEntityStaysAsItWas() {
        InputRecord raw = Records.record(InputTopic.NGSI_LD, Operation.MERGE, "", "k", CUTTER);
        split(raw);
        InputRecord record = records.get(0);
        assertThat(record.value()).isSameAs(raw.value());
        assertThat(record.key()).isSameAs(raw.key());
        assertThat(record.operation()).isEqualTo(Operation.MERGE);
        assertThat(record.order()).isEqualTo(raw.order());
        assertThat(record.part()).isFalse();
    }

    @Test
    void anArrayOfEntities() {
        assertThat(split(InputTopic.NGSI_LD, null, null, " [ " + CUTTER + " , " + FILTER + " ] "))
                .containsExactly("urn:x:1", "urn:x:2");
        assertThat(records)
                .allMatch(InputRecord::part)
                .extracting(RecordSplitterTest::value)
                .containsExactly(CUTTER, FILTER);
        assertThat(split(InputTopic.NGSI_LD, null, null, "[]")).isEmpty();
    }

    @Test
    void theUnitOfRefusalIsTheEntity() {
        assertThat(split(InputTopic.NGSI_LD, null, null, "[" + BAD + "," + CUTTER + "," + BAD + ",7," + FILTER + "]"))
                .containsExactly("urn:x:1", "urn:x:2", "unknown-attribute-kind /a/type");
    }

    @Test
    void anUnknownContextIsLeftToTheStageThatKnowsTheProgram() {
        String entity = CUTTER.replace("'a'", "'@context':'https://x/plant.jsonld','a'");
        assertThat(split(InputTopic.NGSI_LD, null, null, "[" + entity + "]")).containsExactly("urn:x:1");
    }

    @Test
    void aNotification() {
        String notification = "{'id':'urn:n:1','@context':'https://x/plant.jsonld','type':'Notification','data':["
                + CUTTER + "," + FILTER.replace("'a'", "'@context':[],'a'") + "],'notifiedAt':'t'}";
        assertThat(split(InputTopic.NGSI_LD, null, null, notification)).containsExactly("urn:x:1", "urn:x:2");
        assertThat(records)
                .extracting(RecordSplitterTest::value)
                .containsExactly(
                        "{'@context':'https://x/plant.jsonld'," + CUTTER.substring(1),
                        FILTER.replace("'a'", "'@context':[],'a'"));
        assertThat(split(
                        InputTopic.NGSI_LD, null, null, "{'data':" + CUTTER + ",'id':'urn:n:1','type':'Notification'}"))
                .containsExactly("urn:x:1");
    }

    @Test
    void anEntityThatIsThereTwice() {
        String later = CUTTER.replace("1}", "2}");
        String array = "[" + CUTTER + "," + FILTER + "," + later + "]";
        assertThat(split(InputTopic.NGSI_LD, null, null, array)).containsExactly("urn:x:2", "urn:x:1");
        assertThat(value(records.get(1))).isEqualTo(later);
        assertThat(split(InputTopic.NGSI_LD, Operation.UPSERT, null, array))
                .containsExactly("urn:x:2", "duplicate-entity null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            textBlock =
                    """
            'operationType':'ENTITY_CREATE','operationPayload':'{\\'id\\':\\'urn:x:1\\',\\'type\\':\\'T\\',\\'a\\':1.0}' | REPLACE | {'id':'urn:x:1','type':'T','a':1.0}
            'operationType':'ENTITY_CREATE','operationPayload':{'id':'urn:x:1','type':'T'},'contexts':['https://x/c'] | REPLACE | {'@context':['https://x/c'],'id':'urn:x:1','type':'T'}
            'operationType':'ENTITY_DELETE','previousEntity':'{}' | DELETE | -
            'operationType':'ATTRIBUTE_CREATE','attributeName':'a','operationPayload':'{\\'type\\':\\'Property\\',\\'value\\':1}' | UPSERT | {'id':'urn:x:1','a':{'type':'Property','value':1}}
            'operationType':'ATTRIBUTE_UPDATE','attributeName':'a','datasetId':'urn:d','entityTypes':['T'],'operationPayload':'{\\'value\\':1}' | UPSERT | {'id':'urn:x:1','type':['T'],'a':{'value':1,'datasetId':'urn:d'}}
            'operationType':'ATTRIBUTE_UPDATE','attributeName':'a','operationPayload':'{\\'a\\':{\\'value\\':1}}' | UPSERT | {'id':'urn:x:1','a':{'value':1}}
            'operationType':'ATTRIBUTE_UPDATE','attributeName':'a','operationPayload':'','updatedEntity':'{\\'id\\':\\'urn:x:1\\',\\'type\\':\\'T\\'}' | REPLACE | {'id':'urn:x:1','type':'T'}
            'operationType':'ATTRIBUTE_DELETE','attributeName':'a','datasetId':'urn:d' | UPSERT | {'id':'urn:x:1','a':{'type':'Property','value':'urn:ngsi-ld:null','datasetId':'urn:d'}}
            """)
    void eventsOfStellio(String members, Operation operation, String expected) {
        assertThat(split(InputTopic.NGSI_LD, Operation.MERGE, null, "{'entityId':'urn:x:1'," + members + "}"))
                .containsExactly("urn:x:1");
        InputRecord record = records.get(0);
        assertThat(record.operation()).isEqualTo(operation);
        assertThat(record.part()).isTrue();
        assertThat(record.value() == null ? null : value(record)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            'operationType':'ENTITY_CREATE'                                                 | invalid-value /updatedEntity
            'operationType':'ENTITY_CREATE','operationPayload':'{'                          | invalid-json /operationPayload
            'operationType':'ENTITY_CREATE','operationPayload':'{\\'id\\':\\'urn:x:2\\'}'   | id-mismatch /operationPayload
            'operationType':'ATTRIBUTE_UPDATE','operationPayload':'1'                       | missing-member /attributeName
            'operationType':'ATTRIBUTE_UPDATE','attributeName':'a','operationPayload':'{\\'type\\':\\'P\\'}' | unknown-attribute-kind /a/type
            'operationType':7                                                               | missing-member /operationType
            """)
    void refusedEvents(String members, String expected) {
        assertThat(split(InputTopic.NGSI_LD, null, null, "{'entityId':'urn:x:1'," + members + "}"))
                .containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NGSI_LD", "IFF_ENTITIES", "IFF_ATTRIBUTES"})
    void whatIsTooLargeIsNotLookedAt(InputTopic topic) {
        byte[] value = bytes(" ".repeat(RecordSplitter.MAX_RECORD_BYTES + 1));
        InputRecord raw = new InputRecord(topic, 0, 0, 0, null, "", bytes("urn:x:1"), value, false, false);
        assertThat(split(raw)).containsExactly("too-large null");
    }
}
