package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkjobrunner.validator.stream.entity.Records.temperature;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityStageTest {
    private static final int MAX_PARALLELISM = 128;
    private static final PartitionEnd END = new PartitionEnd(InputTopic.NGSI_LD, 0, 10);
    private static final PartitionEnd OTHER_END = new PartitionEnd(InputTopic.IFF_ATTRIBUTES, 3, 99);
    private static final String A = "urn:a";
    private static final String B = "urn:b";

    private final List<KeyedTwoInputStreamOperatorTestHarness<String, InputRecord, Activation, Verdict>> open =
            new ArrayList<>();
    private final Records records = new Records();
    private KeyedTwoInputStreamOperatorTestHarness<String, InputRecord, Activation, Verdict> stage;

    @AfterEach
    void close() throws Exception {
        for (var one : open) {
            one.close();
        }
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, InputRecord, Activation, Verdict> harness(
            Activation initial, List<PartitionEnd> ends, int parallelism, int instance) throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                new EntityStage(new EntityStageSettings("default", Clock.WALL, ends, initial), false),
                InputRecord::entityId,
                (Activation activation) -> "no key is asked of activations",
                Types.STRING,
                MAX_PARALLELISM,
                parallelism,
                instance);
        open.add(harness);
        return harness;
    }

    private void start(Activation initial, PartitionEnd... ends) throws Exception {
        stage = harness(initial, List.of(ends), 1, 0);
        stage.open();
        work();
    }

    private void restore(OperatorSubtaskState snapshot, Activation initial, PartitionEnd... ends) throws Exception {
        stage = harness(initial, List.of(ends), 1, 0);
        stage.initializeState(snapshot);
        stage.open();
    }

    /** What the operator has put off for a quiet moment. */
    private void work() throws Exception {
        while (step()) {
            assertThat(open).isNotEmpty();
        }
    }

    private boolean step() throws Exception {
        var mail = stage.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
        if (mail.isPresent()) {
            Mail found = mail.get();
            found.run();
        }
        return mail.isPresent();
    }

    private void read(InputRecord... all) throws Exception {
        for (InputRecord record : all) {
            stage.processElement1(new StreamRecord<>(record));
        }
    }

    private void activate(Activation activation) throws Exception {
        stage.processElement2(new StreamRecord<>(activation));
    }

    /** What was said since the last time, such as {@code RAISE urn:a MaxInclusive 95}. */
    private List<String> said() {
        List<String> said = new ArrayList<>();
        for (Object element : stage.getOutput()) {
            if (element instanceof StreamRecord<?> record && record.getValue() instanceof Verdict verdict) {
                said.add(told(verdict));
            }
        }
        stage.getOutput().clear();
        return said;
    }

    private static String told(Verdict verdict) {
        if (verdict.kind() == Verdict.Kind.CLEAR) {
            return "CLEAR";
        }
        String component = verdict.alert().component().replaceAll(".*#|ConstraintComponent", "");
        String values = verdict.alert().values().isEmpty()
                ? ""
                : " " + verdict.alert().values().get(0).toString().replaceAll("\"|\\^.*", "");
        return verdict.kind() + " " + verdict.alert().entity() + " " + component + values;
    }

    private List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        for (StreamRecord<? extends Verdict> record : stage.extractOutputStreamRecords()) {
            verdicts.add(record.getValue());
        }
        return verdicts;
    }

    private boolean isLoaded() {
        return stage.getOutput().stream().anyMatch(new Watermark(Clock.LOADED)::equals);
    }

    private List<String> acknowledged() {
        Queue<StreamRecord<Acknowledgement>> queue = stage.getSideOutput(EntityStage.ACKNOWLEDGEMENTS);
        if (queue == null) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        for (StreamRecord<Acknowledgement> record : queue) {
            Acknowledgement one = record.getValue();
            all.add(one.state() + " " + one.epoch() + " " + one.entitiesRechecked());
        }
        queue.clear();
        return all;
    }

    private List<DeadLetter> refused() {
        Queue<StreamRecord<DeadLetter>> queue = stage.getSideOutput(EntityStage.DEAD_LETTERS);
        return queue == null
                ? List.of()
                : queue.stream().map(StreamRecord::getValue).toList();
    }

    @Test
    void raisesAndClears() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("95.5")));
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 95.5");
        read(records.document(Operation.UPSERT, A, temperature("99")));
        assertThat(said()).as("a value that drifts is no news").isEmpty();
        read(records.document(Operation.UPSERT, A, temperature("70")));
        assertThat(said()).containsExactly("CLEAR");
    }

    @Test
    void anIdentityLastsAsLongAsTheViolation() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("95")));
        read(records.document(Operation.REPLACE, A, temperature("20")));
        read(records.document(Operation.REPLACE, A, temperature("96")));
        read(records.document(Operation.REPLACE, B, temperature("95")));
        List<String> ids = verdicts().stream().map(Verdict::alertId).toList();
        assertThat(ids.subList(0, 3)).containsOnly(ids.get(0));
        assertThat(ids.get(3)).isNotEqualTo(ids.get(0));
    }

    @Test
    void aVerdictNamesItsCause() throws Exception {
        start(Shapes.hotAbove(1, 80));
        stage.setProcessingTime(5_000_000);
        InputRecord record = records.at(1_234).value(A, "temperature", "95");
        read(records.at(1_000).type(A, "Cutter"), record);
        Verdict verdict = verdicts().get(1);
        assertThat(verdict.cause()).isEqualTo(record.order());
        assertThat(verdict.eventTime()).isEqualTo(1_234);
        assertThat(verdict.at()).isEqualTo(5_000_000);
        assertThat(verdict.settleMillis()).as("it may be one of several pieces").isEqualTo(500);
        assertThat(verdict.alert().attributePath()).hasSize(1);
    }

    @Test
    void wholeEntitiesDoNotSettle() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("95")));
        read(records.document(Operation.MERGE, B, temperature("95")));
        assertThat(verdicts()).extracting(Verdict::settleMillis).containsExactly(0, 500);
    }

    @Test
    void anEntityWithoutATypeWaits() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.value(A, "temperature", "95"));
        assertThat(said()).isEmpty();
        read(records.type(A, "Laser"));
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 95");
        read(records.type(A, "Conveyor"));
        assertThat(said()).as("no shape concerns it any more").containsExactly("CLEAR");
    }

    @Test
    void aDeletionClears() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.type(A, "Cutter"));
        read(records.value(A, "temperature", "95"));
        assertThat(said()).containsExactlyInAnyOrder("RAISE urn:a MinCount", "CLEAR", "RAISE urn:a MaxInclusive 95");
        read(records.deleted(A));
        assertThat(said()).containsExactly("CLEAR");
    }

    @Test
    void repeatedAndLateRecordsChangeNothing() throws Exception {
        start(Shapes.hotAbove(1, 80));
        InputRecord late = records.at(1_000).value(A, "temperature", "95");
        InputRecord newest = records.at(2_000).value(A, "temperature", "20");
        read(records.at(500).type(A, "Cutter"), newest);
        said();
        read(late, newest, late);
        assertThat(said()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsSetAside() throws Exception {
        start(Shapes.hotAbove(1, 80));
        InputRecord bad = records.record(InputTopic.NGSI_LD, A, null, "{\"id\":");
        read(bad, records.document(Operation.REPLACE, A, temperature("95")));
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 95");
        assertThat(refused()).hasSize(1);
        assertThat(refused().get(0).record()).isSameAs(bad);
        assertThat(refused().get(0).code()).matches("[a-z]+(-[a-z]+)*");
    }

    @Test
    void theInitialLoadIsToldAtItsEnd() throws Exception {
        start(Shapes.hotAbove(7, 80), END, OTHER_END);
        assertThat(acknowledged()).containsExactly("ACTIVE 7 0");
        read(records.document(Operation.REPLACE, A, temperature("95")));
        read(records.document(Operation.REPLACE, B, temperature("95")));
        read(records.document(Operation.REPLACE, B, temperature("20")));
        read(InputRecord.marker(InputTopic.NGSI_LD, 0, "marker:0"));
        work();
        assertThat(said()).as("another partition is still to come").isEmpty();
        read(InputRecord.marker(InputTopic.IFF_ATTRIBUTES, 3, "marker:0"));
        work();
        assertThat(isLoaded()).isTrue();
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 95");
        assertThat(acknowledged()).containsExactly("CONVERGED 7 2");
    }

    @Test
    void anEmptyPlantIsLoadedAtOnce() throws Exception {
        start(Shapes.hotAbove(1, 80));
        assertThat(isLoaded()).isTrue();
        assertThat(acknowledged()).containsExactly("ACTIVE 1 0", "CONVERGED 1 0");
    }

    @Test
    void aNewProgramJudgesWhatNoRecordTouches() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("75")));
        read(records.document(Operation.REPLACE, B, temperature("85")));
        assertThat(said()).containsExactly("RAISE urn:b MaxInclusive 85");
        acknowledged();
        activate(Shapes.hotAbove(2, 70));
        assertThat(acknowledged()).containsExactly("ACTIVE 2 0");
        read(records.document(Operation.UPSERT, B, temperature("86")));
        assertThat(said()).as("the same alert stands").isEmpty();
        work();
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 75");
        assertThat(acknowledged()).as("the other one was judged by its record").containsExactly("CONVERGED 2 1");
    }

    @Test
    void aShapeThatIsGoneClearsAndANewOneRaises() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("95")));
        said();
        activate(Shapes.speedMissing(2));
        work();
        assertThat(said()).containsExactlyInAnyOrder("CLEAR", "RAISE urn:a MinCount");
    }

    @Test
    void anotherMessageIsAnUpdateOfTheSameAlert() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("95")));
        activate(Shapes.hotAbove(2, 80, "far too hot"));
        work();
        List<Verdict> verdicts = verdicts();
        assertThat(verdicts).extracting(Verdict::kind).containsExactly(Verdict.Kind.RAISE, Verdict.Kind.UPDATE);
        assertThat(verdicts)
                .extracting(Verdict::alertId)
                .containsOnly(verdicts.get(0).alertId());
    }

    @Test
    void theSameProgramAgainRechecksNobody() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("95")));
        acknowledged();
        activate(Shapes.hotAbove(2, 80));
        work();
        assertThat(acknowledged()).containsExactly("ACTIVE 2 0", "CONVERGED 2 0");
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 95");
    }

    @Test
    void anOlderProgramIsIgnored() throws Exception {
        start(Shapes.hotAbove(5, 80));
        acknowledged();
        activate(Shapes.hotAbove(4, 10));
        work();
        assertThat(acknowledged()).isEmpty();
    }

    @Test
    void aProgramThatCannotBeReadChangesNothing() throws Exception {
        start(Shapes.hotAbove(1, 80));
        acknowledged();
        activate(new Activation(2, "sha256:" + "0".repeat(64), new byte[] {1, 2, 3}));
        read(records.document(Operation.REPLACE, A, temperature("95")));
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 95");
        assertThat(acknowledged()).as("nobody believes that it is active").isEmpty();
    }

    @Test
    void aNewerProgramRestartsTheSweep() throws Exception {
        start(Shapes.hotAbove(1, 80));
        for (int i = 0; i < 2_000; i++) {
            read(records.document(Operation.REPLACE, "urn:" + i, temperature("75")));
        }
        acknowledged();
        activate(Shapes.hotAbove(2, 70));
        step();
        activate(Shapes.hotAbove(3, 90));
        work();
        List<String> all = acknowledged();
        assertThat(all).startsWith("ACTIVE 2 0", "ACTIVE 3 0").hasSize(3);
        assertThat(all.get(2)).startsWith("CONVERGED 3 ");
        List<String> said = said();
        assertThat(said.stream().filter("CLEAR"::equals).count())
                .as("whatever the second program raised is cleared")
                .isEqualTo(said.stream().filter(one -> one.startsWith("RAISE")).count());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRestoredStageGoesOnWhereItWas(boolean onDisk) throws Exception {
        stage = harness(Shapes.hotAbove(1, 80), List.of(), 1, 0);
        useBackend(onDisk);
        stage.open();
        work();
        activate(Shapes.hotAbove(2, 70));
        read(records.document(Operation.REPLACE, A, temperature("75")));
        read(records.sub(B, "temperature", "accuracy", "1"));
        OperatorSubtaskState snapshot = stage.snapshot(1, 1);

        stage = harness(Shapes.hotAbove(1, 80), List.of(END), 1, 0);
        useBackend(onDisk);
        stage.initializeState(snapshot);
        stage.open();
        work();
        assertThat(isLoaded()).as("the load was over").isTrue();
        assertThat(said()).as("what was told is not told again").isEmpty();
        assertThat(acknowledged()).containsExactly("ACTIVE 2 0", "CONVERGED 2 0");
        read(records.document(Operation.UPSERT, A, temperature("20")));
        assertThat(said()).containsExactly("CLEAR");
    }

    private void useBackend(boolean onDisk) {
        if (onDisk) {
            stage.setStateBackend(new EmbeddedRocksDBStateBackend());
        }
    }

    @Test
    void aSweepThatWasInterruptedIsDoneAfterTheRestore() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("75")));
        activate(Shapes.hotAbove(2, 70));
        OperatorSubtaskState snapshot = stage.snapshot(1, 1);
        restore(snapshot, Shapes.hotAbove(1, 80));
        work();
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 75");
        assertThat(acknowledged()).containsExactly("ACTIVE 2 0", "CONVERGED 2 1");
    }

    @Test
    void aLoadThatWasInterruptedGoesOn() throws Exception {
        start(Shapes.hotAbove(1, 80), END, OTHER_END);
        read(records.document(Operation.REPLACE, A, temperature("95")));
        read(InputRecord.marker(InputTopic.NGSI_LD, 0, "marker:0"));
        OperatorSubtaskState snapshot = stage.snapshot(1, 1);
        restore(snapshot, Shapes.hotAbove(1, 80), END, OTHER_END);
        work();
        assertThat(isLoaded()).isFalse();
        read(InputRecord.marker(InputTopic.IFF_ATTRIBUTES, 3, "marker:0"));
        work();
        assertThat(isLoaded()).isTrue();
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 95");
    }

    @Test
    void aNewerProgramOfTheStartWinsOverTheRestoredOne() throws Exception {
        start(Shapes.hotAbove(1, 80));
        read(records.document(Operation.REPLACE, A, temperature("75")));
        restore(stage.snapshot(1, 1), Shapes.hotAbove(2, 70));
        work();
        assertThat(said()).containsExactly("RAISE urn:a MaxInclusive 75");
        assertThat(acknowledged()).containsExactly("ACTIVE 2 0", "CONVERGED 2 1");
    }

    @Test
    void keysMoveWhenTheParallelismChanges() throws Exception {
        start(Shapes.hotAbove(1, 80));
        List<String> hot = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            hot.add("urn:" + i);
            read(records.document(Operation.REPLACE, "urn:" + i, temperature("95")));
        }
        OperatorSubtaskState snapshot = stage.snapshot(1, 1);
        List<OperatorSubtaskState> halves = new ArrayList<>();
        int cleared = 0;
        for (int instance = 0; instance < 2; instance++) {
            stage = harness(Shapes.hotAbove(1, 80), List.of(END), 2, instance);
            stage.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    snapshot, MAX_PARALLELISM, 1, 2, instance));
            stage.open();
            work();
            assertThat(isLoaded()).isTrue();
            for (String entity : hot) {
                if (isHere(entity, instance)) {
                    read(records.document(Operation.UPSERT, entity, temperature("20")));
                }
            }
            cleared += said().size();
            halves.add(stage.snapshot(2, 2));
        }
        assertThat(cleared).isEqualTo(50);
        stage = harness(Shapes.hotAbove(1, 80), List.of(END), 1, 0);
        OperatorSubtaskState both = AbstractStreamOperatorTestHarness.repackageState(
                halves.stream().filter(Objects::nonNull).toArray(OperatorSubtaskState[]::new));
        stage.initializeState(
                AbstractStreamOperatorTestHarness.repartitionOperatorState(both, MAX_PARALLELISM, 2, 1, 0));
        stage.open();
        work();
        assertThat(isLoaded()).isTrue();
        assertThat(said()).as("nothing is lost and nothing told twice").isEmpty();
    }

    private static boolean isHere(String entity, int instance) {
        return org.apache.flink.runtime.state.KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        entity, MAX_PARALLELISM, 2)
                == instance;
    }
}
