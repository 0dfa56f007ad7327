package org.flinkjobrunner.validator.stream.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkjobrunner.validator.stream.alert.Alerts.alert;
import static org.flinkjobrunner.validator.stream.alert.Alerts.clear;
import static org.flinkjobrunner.validator.stream.alert.Alerts.raise;
import static org.flinkjobrunner.validator.stream.alert.Alerts.update;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.Topics;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.AlertDocument;
import org.flinkjobrunner.validator.wire.AlertJson;
import org.flinkjobrunner.validator.wire.AlertTransition;
import org.flinkjobrunner.validator.wire.AlertTransition.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlertStageTest {
    private static final int MAX_PARALLELISM = 128;
    private static final long T = 1_000_000;
    private static final Alert HOT = alert("too hot", "95.5");
    private static final Alert HOTTER = alert("too hot", "99.5");
    private static final Alert RENAMED = alert("much too hot", "95.5");

    private final List<KeyedTwoInputStreamOperatorTestHarness<String, Verdict, Echo, OutRecord>> open =
            new ArrayList<>();
    private KeyedTwoInputStreamOperatorTestHarness<String, Verdict, Echo, OutRecord> stage;

    @AfterEach
    void close() throws Exception {
        for (var one : open) {
            one.close();
        }
    }

    private void start(Clock clock) throws Exception {
        stage = harness(clock, 1, 0);
        stage.open();
    }

    /** As it is after the initial load. */
    private void startLoaded() throws Exception {
        start(Clock.WALL);
        stage.setProcessingTime(T);
        load();
    }

    private void load() throws Exception {
        stage.processWatermark1(new Watermark(Clock.LOADED));
        stage.processWatermark2(new Watermark(Clock.LOADED));
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, Verdict, Echo, OutRecord> harness(
            Clock clock, int parallelism, int instance) throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                new AlertStage(new AlertSettings("default", clock, "shacl.alerts", Topics.DEFAULT.inputs(), true)),
                Verdict::alertId,
                Echo::alertId,
                Types.STRING,
                MAX_PARALLELISM,
                parallelism,
                instance);
        open.add(harness);
        return harness;
    }

    private OperatorSubtaskState snapshot() throws Exception {
        return stage.snapshot(1, 1);
    }

    private void restart(OperatorSubtaskState state) throws Exception {
        stage = harness(Clock.WALL, 1, 0);
        stage.initializeState(state);
        stage.open();
        stage.setProcessingTime(T);
    }

    private void say(Verdict verdict) throws Exception {
        stage.processElement1(new StreamRecord<>(verdict));
    }

    private void echo(String alertId, State state, long sequence, Alert alert) throws Exception {
        AlertTransition transition = Alerts.transition(alertId, state, sequence, alert, T - 5);
        byte[] event = new AlertJson("default", Topics.DEFAULT.inputs()).event(transition);
        stage.processElement2(new StreamRecord<>(new Echo(alertId, "another", sequence, state, event)));
    }

    /** What was written since it was last asked: {@code state sequence message}. */
    private List<String> written() {
        List<String> written = transitions().stream()
                .map(one -> one.state().text() + " " + one.sequence() + " "
                        + one.alert().messages().get(0).value())
                .toList();
        stage.getOutput().clear();
        return written;
    }

    private List<AlertTransition> transitions() {
        return records().stream().map(record -> read(record.value())).toList();
    }

    private List<OutRecord> records() {
        return stage.getOutput().stream()
                .filter(StreamRecord.class::isInstance)
                .map(one -> (OutRecord) ((StreamRecord<?>) one).getValue())
                .toList();
    }

    private static AlertTransition read(byte[] event) {
        try {
            return AlertDocument.read(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRaiseAndItsClearAreToldAtOnce() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        say(clear("a", T + 7));
        List<AlertTransition> told = transitions();
        assertThat(written()).containsExactly("raised 1 too hot", "cleared 2 too hot");
        assertThat(told.get(1).raisedAt()).isEqualTo(T);
        assertThat(told.get(1).updatedAt()).isEqualTo(T + 7);
        assertThat(told.get(1).alert().values()).isEqualTo(HOT.values());
    }

    @Test
    void theRecordTellsWhoWroteIt() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        OutRecord record = records().get(0);
        assertThat(record.topic()).isEqualTo("shacl.alerts");
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("a");
        assertThat(record.headers())
                .extracting(OutRecord.Header::name)
                .containsExactly("attempt", "deployment", "sequence", "state");
        assertThat(record.headers().subList(1, 4))
                .extracting(header -> new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly("default", "1", "raised");
    }

    @Test
    void aRaiseThatClearsWhileItSettlesIsNotTold() throws Exception {
        startLoaded();
        say(raise("a", HOT, 500, T));
        stage.setProcessingTime(T + 499);
        say(clear("a", T + 499));
        stage.setProcessingTime(T + 10_000);
        assertThat(written()).isEmpty();
        assertThat(stage.numKeyedStateEntries()).isZero();
        assertThat(stage.numProcessingTimeTimers()).isZero();
    }

    @Test
    void aRaiseThatStandsIsToldWhenItHasSettledWithWhatItSaysThen() throws Exception {
        startLoaded();
        say(raise("a", HOT, 500, T));
        say(update("a", RENAMED, T + 100));
        assertThat(written()).isEmpty();
        stage.setProcessingTime(T + 500);
        assertThat(transitions().get(0).raisedAt()).isEqualTo(T + 500);
        assertThat(written()).containsExactly("raised 1 much too hot");
    }

    @Test
    void inAReplayItSettlesInRecordedTime() throws Exception {
        start(Clock.RECORDED);
        say(raise("a", HOT, 500, T));
        stage.setProcessingTime(T + 10_000);
        stage.processWatermark1(new Watermark(T + 499));
        assertThat(written()).isEmpty();
        stage.processWatermark1(new Watermark(T + 500));
        assertThat(written()).containsExactly("raised 1 too hot");
    }

    @Test
    void recordedTimeDoesNotGoBackWithTheTimestampsOfDevices() throws Exception {
        start(Clock.RECORDED);
        stage.processWatermark1(new Watermark(T - 1));
        say(raise("a", HOT, 500, T - 10_000));
        stage.processWatermark1(new Watermark(T + 499));
        assertThat(written()).isEmpty();
        stage.processWatermark1(new Watermark(T + 500));
        assertThat(transitions().get(0).raisedAt()).isEqualTo(T + 500);
        say(clear("a", T - 9_000));
        assertThat(transitions().get(1).updatedAt()).isEqualTo(T + 501);
    }

    @Test
    void anUpdateIsToldOnce() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        say(update("a", RENAMED, T + 1));
        say(update("a", RENAMED, T + 2));
        assertThat(written()).containsExactly("raised 1 too hot", "updated 2 much too hot");
    }

    @Test
    void aRaiseOfWhatStandsIsNoNewsUnlessItSaysSomethingElse() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        say(raise("a", HOTTER, 0, T));
        assertThat(written()).containsExactly("raised 1 too hot");
        say(raise("a", RENAMED, 0, T));
        assertThat(written()).containsExactly("updated 2 much too hot");
    }

    @Test
    void sequencesGoOnAfterAClear() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        say(clear("a", T));
        say(raise("a", HOT, 0, T));
        assertThat(written()).last().isEqualTo("raised 3 too hot");
    }

    @Test
    void whatOneWroteOneselfIsNoNews() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        OutRecord own = records().get(0);
        String attempt = new String(own.headers().get(0).value(), StandardCharsets.UTF_8);
        say(clear("a", T));
        stage.processElement2(new StreamRecord<>(new Echo("a", attempt, 1, State.RAISED, own.value())));
        stage.setProcessingTime(T + 2 * AlertStage.PATIENCE_MILLIS);
        assertThat(written()).containsExactly("raised 1 too hot", "cleared 2 too hot");
    }

    @Test
    void aPhantomIsClearedWithWhatItSaid() throws Exception {
        startLoaded();
        echo("a", State.RAISED, 7, HOT);
        assertThat(written()).isEmpty();
        stage.setProcessingTime(T + AlertStage.PATIENCE_MILLIS);
        assertThat(written()).containsExactly("cleared 8 too hot");
    }

    @Test
    void aClearThatIsWrongIsCorrected() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        written();
        echo("a", State.CLEARED, 2, HOT);
        stage.setProcessingTime(T + AlertStage.PATIENCE_MILLIS);
        assertThat(written()).containsExactly("raised 3 too hot");
    }

    @Test
    void aContradictionThatResolvesItselfIsNotToldAndKeepsTheSequence() throws Exception {
        startLoaded();
        echo("a", State.RAISED, 7, HOT);
        say(raise("a", HOT, 500, T)); // judged again after the restore
        stage.setProcessingTime(T + 2 * AlertStage.PATIENCE_MILLIS);
        assertThat(written()).isEmpty();
        say(clear("a", T));
        assertThat(written()).containsExactly("cleared 8 too hot");
    }

    @Test
    void beforeTheLoadIsOverNothingIsToldAndThenEverythingAtOnce() throws Exception {
        start(Clock.WALL);
        stage.setProcessingTime(T);
        echo("stands", State.RAISED, 7, HOT);
        echo("phantom", State.RAISED, 3, HOT);
        echo("flapped", State.RAISED, 1, HOT);
        echo("flapped", State.CLEARED, 2, HOT);
        say(raise("stands", HOTTER, 0, T));
        say(raise("new", HOT, 500, T));
        stage.setProcessingTime(T + 60_000);
        stage.processWatermark1(new Watermark(Clock.LOADED));
        assertThat(written()).isEmpty();
        stage.processWatermark2(new Watermark(Clock.LOADED));
        assertThat(written()).containsExactlyInAnyOrder("cleared 4 too hot", "raised 1 too hot");
    }

    @Test
    void aTombstoneForgetsWhatDoesNotStand() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        say(clear("a", T));
        stage.processElement2(new StreamRecord<>(Echo.tombstone("a")));
        assertThat(stage.numKeyedStateEntries()).isZero();
        say(raise("a", HOT, 0, T));
        assertThat(written()).last().isEqualTo("raised 1 too hot");
    }

    @Test
    void aTombstoneOfWhatStandsIsCorrected() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        written();
        stage.processElement2(new StreamRecord<>(Echo.tombstone("a")));
        stage.setProcessingTime(T + AlertStage.PATIENCE_MILLIS);
        assertThat(written()).containsExactly("raised 2 too hot");
    }

    @Test
    void whatCannotBeReadBackDoesNotStopIt() throws Exception {
        startLoaded();
        byte[] garbage = "{\"data\": 1}".getBytes(StandardCharsets.UTF_8);
        stage.processElement2(new StreamRecord<>(new Echo("a", "another", 7, State.RAISED, garbage)));
        say(raise("a", HOT, 0, T));
        assertThat(written()).containsExactly("raised 1 too hot");
    }

    @Test
    void everythingIsRestored() throws Exception {
        startLoaded();
        say(raise("told", HOT, 0, T));
        say(raise("settles", HOT, 500, T));
        echo("phantom", State.RAISED, 7, HOT);
        written();
        restart(snapshot());
        say(raise("told", HOT, 0, T));
        stage.setProcessingTime(T + AlertStage.PATIENCE_MILLIS);
        assertThat(written()).containsExactlyInAnyOrder("raised 1 too hot", "cleared 8 too hot");
        say(clear("told", T));
        assertThat(written()).containsExactly("cleared 2 too hot");
    }

    @Test
    void restoredWithinTheLoadItStillWaitsForItsEnd() throws Exception {
        start(Clock.WALL);
        echo("phantom", State.RAISED, 7, HOT);
        restart(snapshot());
        stage.setProcessingTime(T + 60_000);
        assertThat(written()).isEmpty();
        load();
        assertThat(written()).containsExactly("cleared 8 too hot");
    }

    @Test
    void whatACrashedAttemptWroteIsCorrected() throws Exception {
        startLoaded();
        OperatorSubtaskState checkpoint = snapshot();
        say(raise("a", HOT, 0, T)); // lost with the crash, and never judged so again
        AlertTransition lost = transitions().get(0);
        restart(checkpoint);
        echo("a", lost.state(), lost.sequence(), lost.alert());
        stage.setProcessingTime(T + AlertStage.PATIENCE_MILLIS);
        assertThat(written()).containsExactly("cleared 2 too hot");
    }

    @Test
    void itRescales() throws Exception {
        startLoaded();
        List<String> ids = IntStream.range(0, 50).mapToObj(i -> "alert" + i).toList();
        for (String id : ids) {
            say(raise(id, HOT, 500, T));
        }
        OperatorSubtaskState checkpoint = snapshot();
        List<String> told = new ArrayList<>();
        for (int instance = 0; instance < 2; instance++) {
            stage = harness(Clock.WALL, 2, instance);
            stage.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    checkpoint, MAX_PARALLELISM, 1, 2, instance));
            stage.open();
            stage.setProcessingTime(T + 500);
            assertThat(transitions()).hasSizeGreaterThan(5);
            transitions().forEach(one -> told.add(one.alertId()));
        }
        assertThat(told).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void contributionsFollowTheTransitions() throws Exception {
        startLoaded();
        say(raise("a", HOT, 0, T));
        say(clear("a", T));
        String event = "MaxInclusiveConstraintComponent(https://example.org/temperature[0])";
        assertThat(stage.getSideOutput(AlertStage.CONTRIBUTIONS))
                .extracting(StreamRecord::getValue)
                .containsExactly(
                        new Contribution(Alerts.ENTITY, event, "a", "critical", "too hot"),
                        new Contribution(Alerts.ENTITY, event, "a", null, null));
    }
}
