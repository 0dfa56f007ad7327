package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to a record on its way: it is read or refused, and nothing else comes out. */
class FuzzTest {
    private static final int MUTATIONS = 20_000;
    private static final String[] SPLICES = {
        "null",
        "true",
        "{}",
        "[]",
        "[[[[",
        "]]]]",
        "{\"a\":",
        "-1e999",
        "1e-999",
        "NaN",
        "\"\\ud800\"",
        "\"urn:ngsi-ld:null\"",
        "\"@none\"",
        "\"@id\"",
        "\"@list\"",
        "\"@context\":[[]],",
        "\"@value\":1,",
        "\"type\":\"Property\",",
        "\"id\":7,",
        "\u0000",
        "\"@type\":\"@json\",",
        "\"deleted\":true,",
        "\"observedAt\":\"x\",",
        "\\",
        "\"",
        ",",
        ":",
        "}",
        "9".repeat(2_000)
    };
    private static final String[] DOCUMENTS = {
        "{'@context':[{'x':'https://x/','a':{'@id':'x:a','@type':'@id'}},'" + Records.PLANT
                + "'],'id':'urn:x:1','type':['T','x:U'],"
                + "'scope':'/s','a':[{'type':'Property','value':20.5,'observedAt':'2026-01-01T00:00:00Z','unitCode':'CEL',"
                + "'s':{'value':[1,{'y':'z'}]}},{'type':'Property','value':1,'datasetId':'urn:d'}],'r':{'type':'Relationship',"
                + "'object':['urn:o'],'objectType':'F'},'l':{'languageMap':{'en':'x'}},'v':{'vocab':'On'},'j':{'json':{'k':[1e3]}},"
                + "'g':{'type':'Point','coordinates':[1,2.5]},'m':{'valueList':[1,[2]]},'n':{'objectList':['urn:p']}}",
        "[{'@id':'urn:x:1','@type':['https://x/T'],'https://x/a':[{'https://uri.etsi.org/ngsi-ld/hasValue':[{'@value':1,"
                + "'@type':'https://x/D'}]}]},{'id':'urn:x:2','type':'T','a':{'value':{'@list':[1,{'@language':'en','@value':'t'}]}}}]",
        "{'id':'urn:n:1','type':'Notification','@context':'" + Records.PLANT
                + "','data':[{'id':'urn:x:1','type':'Cutter','speed':1},{'id':'urn:x:2','type':'T'}]}",
        "{'operationType':'ATTRIBUTE_UPDATE','entityId':'urn:x:1','entityTypes':['T'],'attributeName':'a','datasetId':'urn:d',"
                + "'operationPayload':'{\\'type\\':\\'Property\\',\\'value\\':1}','contexts':['" + Records.PLANT + "']}"
    };
    private static final String[] ENTITIES = {"{'id':'urn:x:1','type':'https://x/T','deleted':false}"};
    private static final String[] ATTRIBUTES = {
        "{'id':'urn:x:1\\\\00ff','entityId':'urn:x:1','name':'https://x/a','nodeType':'@value','type':"
                + "'https://uri.etsi.org/ngsi-ld/Property','attributeValue':20.5,'datasetId':'@none','unitCode':'CEL','synced':true}",
        "{'id':'i','parentId':'p','entityId':'urn:x:1','name':'a','nodeType':'@json','type':"
                + "'https://uri.etsi.org/ngsi-ld/JsonProperty','attributeValue':'{\\'k\\':[1]}','observedAt':'2026-01-01T00:00:00Z'}",
        "{'id':'i','entityId':'urn:x:1','name':'a','nodeType':'@list','type':'https://uri.etsi.org/ngsi-ld/ListProperty',"
                + "'attributeValue':'[1,{\\'@value\\':2}]','valueType':null,'lang':null}"
    };

    private final SplittableRandom random = new SplittableRandom(42);
    private final ChangeDecoder decoder = new ChangeDecoder(Records.CONTEXTS);
    private final RecordSplitter splitter = new RecordSplitter();
    private int read;
    private int refused;

    @ParameterizedTest
    @EnumSource
    void mutations(InputTopic topic) {
        String[] seeds =
                switch (topic) {
                    case NGSI_LD -> DOCUMENTS;
                    case IFF_ENTITIES -> ENTITIES;
                    case IFF_ATTRIBUTES -> ATTRIBUTES;
                };
        for (String seed : seeds) {
            take(record(topic, Records.bytes(seed)));
        }
        assertThat(refused).isZero();
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] value = Records.bytes(seeds[random.nextInt(seeds.length)]);
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                value = mutated(value);
            }
            take(record(topic, value));
        }
        assertThat(read).isGreaterThan(MUTATIONS / 50);
        assertThat(refused).isGreaterThan(MUTATIONS / 10);
    }

    private InputRecord record(InputTopic topic, byte[] value) {
        Operation[] operations = Operation.values();
        Operation operation = random.nextBoolean() ? null : operations[random.nextInt(operations.length)];
        byte[] key = random.nextInt(4) == 0 ? mutated(Records.bytes("{'id':'urn:x:1','datasetId':'@none'}")) : null;
        byte[] orNull = random.nextInt(50) == 0 && read > 0 ? null : value;
        long timestamp = random.nextInt(50) == 0 && read > 0 ? random.nextLong() : Records.TIME;
        return new InputRecord(topic, 0, 0, timestamp, operation, "", key, orNull, false, false);
    }

    /** As the job does it: whatever the splitter lets through is decoded. */
    private void take(InputRecord raw) {
        List<InputRecord> records = new ArrayList<>();
        int[] refusals = {0};
        try {
            splitter.split(raw, new RecordSplitter.Output() {
                @Override
                public void record(InputRecord record) {
                    records.add(record);
                }

                @Override
                public void refused(InputRecord record, RecordRefused why) {
                    assertUsable(why);
                    refusals[0]++;
                }
            });
            for (InputRecord record : records) {
                decode(record);
            }
        } catch (RuntimeException | StackOverflowError e) {
            String text = raw.value() == null ? "null" : new String(raw.value(), StandardCharsets.UTF_8);
            throw new AssertionError(raw.topic() + " " + text, e);
        }
        assertThat(refusals[0]).isLessThan(2);
        refused += refusals[0];
    }

    private void decode(InputRecord record) {
        try {
            EntityChange change = decoder.decode(record);
            assertThat(change.entityId()).isEqualTo(record.entityId());
            if (change instanceof EntityChange.Document document) {
                ChangeDocuments.of(document);
            }
            Records.text(change);
            read++;
        } catch (RecordRefused why) {
            assertUsable(why);
            refused++;
        }
    }

    private static void assertUsable(RecordRefused why) {
        assertThat(why.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(why.getMessage()).isNotBlank().hasSizeLessThan(1_000);
        if (why.pointer() != null && !why.pointer().isEmpty()) {
            assertThat(why.pointer()).startsWith("/");
        }
    }

    private byte[] mutated(byte[] value) {
        int at = random.nextInt(value.length + 1);
        int end = Math.min(value.length, at + random.nextInt(12));
        return switch (random.nextInt(5)) {
            case 0 -> spliced(value, at, at, SPLICES[random.nextInt(SPLICES.length)].getBytes(StandardCharsets.UTF_8));
            case 1 -> spliced(value, at, end, SPLICES[random.nextInt(SPLICES.length)].getBytes(StandardCharsets.UTF_8));
            case 2 -> spliced(value, at, end, new byte[0]);
            case 3 -> spliced(value, at, end, new byte[] {(byte) random.nextInt(256)});
            default -> {
                int from = random.nextInt(value.length + 1);
                int to = Math.min(value.length, from + random.nextInt(40));
                yield spliced(value, at, end, Arrays.copyOfRange(value, from, to));
            }
        };
    }

    private static byte[] spliced(byte[] value, int from, int to, byte[] insertion) {
        byte[] result = new byte[value.length - (to - from) + insertion.length];
        System.arraycopy(value, 0, result, 0, from);
        System.arraycopy(insertion, 0, result, from, insertion.length);
        System.arraycopy(value, to, result, from + insertion.length, value.length - to);
        return result;
    }
}
