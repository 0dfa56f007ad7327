package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.flinkjobrunner.validator.stream.Acknowledgement;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.stream.PartitionEnd;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;

/** An instance of EntityStage, with words for what is sent to it and for what it says. */
final class StageHarness {
    enum Backend {
        HASHMAP,
        ROCKSDB;

        StateBackend make() {
            return this == HASHMAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
        }
    }

    static final int MAX_PARALLELISM = 128;
    static final long T = 1_767_225_600_000L;

    private static long offset;

    private final KeyedTwoInputStreamOperatorTestHarness<String, InputRecord, Activation, Verdict> harness;

    StageHarness(Backend backend, EntityStageSettings settings, int parallelism, int instance) throws Exception {
        harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                new EntityStage(settings),
                InputRecord::entityId,
                null,
                Types.STRING,
                MAX_PARALLELISM,
                parallelism,
                instance);
        harness.setStateBackend(backend.make());
        harness.setProcessingTime(T);
    }

    static EntityStageSettings settings(Activation initial, PartitionEnd... ends) {
        return new EntityStageSettings("d", Clock.WALL, List.of(ends), initial);
    }

    StageHarness open() throws Exception {
        harness.open();
        return this;
    }

    StageHarness restore(OperatorSubtaskState state) throws Exception {
        harness.initializeState(state);
        return open();
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, T);
    }

    /** Runs one mail, waiting for it. */
    void mail() throws Exception {
        harness.getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
    }

    boolean hasMail() {
        return harness.getTaskMailbox().hasMail();
    }

    /** Runs all mails and timers there are. */
    StageHarness settle() throws Exception {
        do {
            while (hasMail()) {
                mail();
            }
            harness.setProcessingTime(harness.getProcessingTime() + 1);
        } while (hasMail());
        return this;
    }

    void activate(Activation activation) throws Exception {
        harness.processElement2(new StreamRecord<>(activation));
    }

    void watermark(long time) throws Exception {
        harness.processWatermark1(new Watermark(time));
    }

    void send(InputRecord record) throws Exception {
        harness.processElement1(new StreamRecord<>(record));
    }

    void type(String entity, String type, long time) throws Exception {
        flat(InputTopic.IFF_ENTITIES, entity, "{'id':'%s','type':'%s'}".formatted(entity, type), time);
    }

    void delete(String entity, long time) throws Exception {
        flat(InputTopic.IFF_ENTITIES, entity, "{'id':'%s','type':'x','deleted':true}".formatted(entity), time);
    }

    void attribute(String entity, String name, Object value, long time) throws Exception {
        String json = value == null
                ? "'deleted':true"
                : "'attributeValue':" + (value instanceof String ? "'" + value + "'" : value);
        flat(
                InputTopic.IFF_ATTRIBUTES,
                entity,
                ("{'id':'%s\\\\%s','entityId':'%s','name':'%s','nodeType':'@value','datasetId':'@none',"
                                + "'type':'https://uri.etsi.org/ngsi-ld/Property',%s}")
                        .formatted(entity, name, entity, name, json),
                time);
    }

    void flat(InputTopic topic, String entity, String json, long time) throws Exception {
        send(record(topic, null, entity, json, time));
    }

    void document(Operation operation, String entity, String json, long time) throws Exception {
        send(record(InputTopic.NGSI_LD, operation, entity, json, time));
    }

    static InputRecord record(InputTopic topic, Operation operation, String entity, String json, long time) {
        byte[] value = json == null ? null : json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] key = entity.getBytes(StandardCharsets.UTF_8);
        return new InputRecord(topic, 0, offset++, time, operation, entity, key, value, false, false);
    }

    List<Verdict> verdicts() {
        List<Verdict> said = new ArrayList<>();
        for (Object one : harness.getOutput()) {
            if (one instanceof StreamRecord<?> record) {
                said.add((Verdict) record.getValue());
            }
        }
        return said;
    }

    /** Since it was last asked: {@code raise urn:1 no state}, {@code clear <alert id>}, {@code watermark 1}. */
    List<String> said() {
        List<String> said = new ArrayList<>();
        for (Object one : harness.getOutput()) {
            said.add(
                    one instanceof StreamRecord<?> record
                            ? text((Verdict) record.getValue())
                            : "watermark " + ((Watermark) one).getTimestamp());
        }
        harness.getOutput().clear();
        return said;
    }

    private static String text(Verdict verdict) {
        String kind = verdict.kind().name().toLowerCase(Locale.ROOT);
        return verdict.alert() == null
                ? kind
                : kind + " " + verdict.alert().entity() + " "
                        + verdict.alert().messages().get(0).value();
    }

    /** All so far: {@code ACTIVE 1}, {@code CONVERGED 1 rechecked 5}. */
    List<String> acknowledged() {
        return side(harness.getSideOutput(EntityStage.ACKNOWLEDGEMENTS)).stream()
                .map(one -> one.state() + " " + one.epoch()
                        + (one.state() == Acknowledgement.State.ACTIVE ? "" : " rechecked " + one.entitiesRechecked()))
                .toList();
    }

    List<DeadLetter> deadLetters() {
        return side(harness.getSideOutput(EntityStage.DEAD_LETTERS));
    }

    private static <T> List<T> side(Iterable<StreamRecord<T>> records) {
        List<T> values = new ArrayList<>();
        if (records != null) {
            records.forEach(record -> values.add(record.getValue()));
        }
        return values;
    }

    int entities() {
        return harness.numKeyedStateEntries();
    }

    void end() throws Exception {
        harness.endAllInputs();
        harness.getOperator().finish();
    }

    void close() throws Exception {
        harness.close();
    }
}
