package org.flinkjobrunner.validator.wire;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Prints nanoseconds of the processor and bytes per record of splitting and decoding; run by hand. */
final class DecoderBenchmark {
    private static final int RECORDS = 100_000;
    private static final int ROUNDS = 12;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final RecordSplitter splitter = new RecordSplitter();
    private final ChangeDecoder decoder = new ChangeDecoder(Records.CONTEXTS);
    private final InputRecord[] split = new InputRecord[RECORDS];
    private int count;

    private DecoderBenchmark() {}

    public static void main(String[] arguments) throws RecordRefused {
        SplittableRandom random = new SplittableRandom(1);
        new DecoderBenchmark()
                .measure("attribute record, plain key", InputTopic.IFF_ATTRIBUTES, true, i -> flat(random, ""));
        new DecoderBenchmark()
                .measure("attribute record, JSON key", InputTopic.IFF_ATTRIBUTES, false, i -> flat(random, ""));
        new DecoderBenchmark()
                .measure(
                        "attribute record, by the full reader",
                        InputTopic.IFF_ATTRIBUTES,
                        true,
                        i -> flat(random, ",'more':1"));
        new DecoderBenchmark().measure("entity of ten attributes", InputTopic.NGSI_LD, true, i -> document(random));
    }

    private interface Maker {
        String make(int i);
    }

    private static String id(int i) {
        return "urn:benchmark:plant-01:machine:%06d".formatted(i);
    }

    private static String flat(SplittableRandom random, String more) {
        String id = id(random.nextInt(50_000));
        String value = random.nextInt(20, 80) + "." + random.nextInt(10);
        return "{'id':'" + id + "\\\\0123456789abcdef01234567','entityId':'" + id
                + "','name':'https://benchmark.example.org/ontology/v1/attribute" + random.nextInt(10)
                + "','nodeType':'@value','type':'https://uri.etsi.org/ngsi-ld/Property','attributeValue':" + value
                + ",'datasetId':'@none','unitCode':'CEL','synced':true" + more + "}";
    }

    private static String document(SplittableRandom random) {
        StringBuilder json = new StringBuilder("{'id':'" + id(random.nextInt(50_000)) + "','type':'Machine'");
        for (int i = 0; i < 10; i++) {
            json.append(",'attribute")
                    .append(i)
                    .append("':{'type':'Property','value':")
                    .append(random.nextInt(20, 80));
            json.append(".5,'unitCode':'CEL','observedAt':'2026-01-01T00:00:00.000Z'}");
        }
        return json.append('}').toString();
    }

    private void measure(String what, InputTopic topic, boolean plainKey, Maker maker) throws RecordRefused {
        InputRecord[] raw = new InputRecord[RECORDS];
        int length = 0;
        for (int i = 0; i < RECORDS; i++) {
            String json = maker.make(i);
            String id = json.substring(json.indexOf("urn:"), json.indexOf("urn:") + id(0).length());
            raw[i] = Records.record(topic, null, "", plainKey ? id : "{'id':'i','datasetId':'@none'}", json);
            length += raw[i].value().length;
        }
        double[] splitting = new double[ROUNDS];
        double[] decoding = new double[ROUNDS];
        long bytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            count = 0;
            long start = cpu();
            for (InputRecord record : raw) {
                splitter.split(record, output());
            }
            splitting[round] = (cpu() - start) / (double) RECORDS;
            long before = allocated();
            start = cpu();
            int attributes = 0;
            for (InputRecord record : split) {
                attributes += decoder.decode(record).entityId().length();
            }
            decoding[round] = (cpu() - start) / (double) RECORDS;
            bytes = allocated() - before;
            if (attributes == 0) {
                throw new IllegalStateException();
            }
        }
        Arrays.sort(splitting);
        Arrays.sort(decoding);
        System.out.printf(
                "%-40s %4d bytes: split %5.0f ns, decode %5.0f ns, %d bytes allocated%n",
                what, length / RECORDS, splitting[ROUNDS / 4], decoding[ROUNDS / 4], bytes / RECORDS);
    }

    private RecordSplitter.Output output() {
        return new RecordSplitter.Output() {
            @Override
            public void record(InputRecord record) {
                split[count++] = record;
            }

            @Override
            public void refused(InputRecord record, RecordRefused why) {
                throw new IllegalStateException(why);
            }
        };
    }

    /** Of this thread: the machine may have other things to do. */
    private static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
