package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkjobrunner.validator.stream.entity.StageHarness.T;
import static org.flinkjobrunner.validator.stream.entity.StageHarness.settings;
import static org.flinkjobrunner.validator.stream.entity.TestPrograms.CUTTER;
import static org.flinkjobrunner.validator.stream.entity.TestPrograms.STATE;
import static org.flinkjobrunner.validator.stream.entity.TestPrograms.TEMPERATURE;
import static org.flinkjobrunner.validator.stream.entity.TestPrograms.activation;

import java.util.List;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.stream.entity.StageHarness.Backend;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntityStageVerdictsTest {
    private static final String SH = "http://www.w3.org/ns/shacl#";
    private static final String ID = "urn:cutter:1";
    private static final String HOT = TestPrograms.json(100, "too hot");

    private StageHarness stage;

    @AfterEach
    void close() throws Exception {
        if (stage != null) {
            stage.close();
        }
    }

    private void start(Backend backend, String program) throws Exception {
        stage = new StageHarness(backend, settings(activation(1, program)), 1, 0)
                .open()
                .settle();
        assertThat(stage.said()).containsExactly("watermark 1");
    }

    private void cutter(Object temperature) throws Exception {
        stage.type(ID, CUTTER, T);
        stage.attribute(ID, STATE, "ON", T);
        stage.attribute(ID, TEMPERATURE, temperature, T);
        stage.said();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void raisesAndClears(Backend backend) throws Exception {
        start(backend, HOT);
        stage.type(ID, CUTTER, T);
        assertThat(stage.said()).containsExactly("raise " + ID + " no state", "raise " + ID + " no temperature");
        stage.attribute(ID, STATE, "ON", T);
        assertThat(stage.said()).containsExactly("clear");
        stage.attribute(ID, TEMPERATURE, 101, T);
        List<Verdict> both = stage.verdicts();
        assertThat(stage.said()).hasSize(2).contains("clear", "raise " + ID + " too hot");
        assertThat(both).isSortedAccordingTo((one, other) -> one.alertId().compareTo(other.alertId()));
        stage.attribute(ID, TEMPERATURE, 102, T + 1);
        assertThat(stage.said()).as("drift is no news").isEmpty();
        stage.attribute(ID, TEMPERATURE, 100, T + 2);
        assertThat(stage.said()).containsExactly("clear");
        stage.attribute(ID, TEMPERATURE, 200, T + 1);
        assertThat(stage.said()).as("a late one").isEmpty();
        stage.delete(ID, T + 9);
        assertThat(stage.said()).isEmpty();
    }

    @Test
    void aVerdictSaysEverything() throws Exception {
        start(Backend.HASHMAP, HOT);
        cutter(20);
        stage.attribute(ID, TEMPERATURE, 101.5, T + 7);
        Verdict verdict = stage.verdicts().get(0);
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.RAISE);
        assertThat(verdict.eventTime()).isEqualTo(T + 7);
        assertThat(verdict.at()).isGreaterThanOrEqualTo(T);
        assertThat(verdict.settleMillis()).isEqualTo(500);
        assertThat(verdict.cause().topic()).isEqualTo(InputTopic.IFF_ATTRIBUTES);
        Alert alert = verdict.alert();
        assertThat(alert.entityTypes()).containsExactly(CUTTER);
        assertThat(alert.attributePath()).containsExactly(new AttributeKey(TEMPERATURE, "@none"));
        assertThat(alert.focusNode()).startsWith("_:");
        assertThat(alert.resultPath()).isEqualTo("<https://uri.etsi.org/ngsi-ld/hasValue>");
        assertThat(alert.sourceShape()).isEqualTo("v");
        assertThat(alert.component()).isEqualTo(SH + "MaxInclusiveConstraintComponent");
        assertThat(alert.severity()).isEqualTo(SH + "Violation");
        assertThat(alert.values()).containsExactly(Literal.of("101.5", "http://www.w3.org/2001/XMLSchema#double"));
        assertThat(alert.valueCount()).isEqualTo(1);
        assertThat(alert.program()).isEqualTo(activation(1, HOT).digest());
    }

    @Test
    void documentsAndTheirOperationsSettleDifferently() throws Exception {
        start(Backend.HASHMAP, HOT);
        String cutter = "{'id':'%s','type':'https://x/Cutter','https://x/temperature':{'type':'Property','value':%d}}";
        stage.document(null, ID, cutter.formatted(ID, 20), T);
        assertThat(stage.verdicts()).extracting(Verdict::settleMillis).containsExactly(0);
        assertThat(stage.said()).containsExactly("raise " + ID + " no state");
        stage.document(Operation.MERGE, ID, cutter.formatted(ID, 200), T + 1);
        assertThat(stage.verdicts()).extracting(Verdict::settleMillis).containsExactly(500);
        assertThat(stage.said()).containsExactly("raise " + ID + " too hot");
        stage.document(null, ID, cutter.formatted(ID, 200), T + 2);
        assertThat(stage.said()).as("the same again").isEmpty();
        stage.document(Operation.DELETE, ID, "{'id':'%s'}".formatted(ID), T + 3);
        assertThat(stage.said()).containsExactly("clear", "clear");
        stage.document(Operation.UPDATE, ID, cutter.formatted(ID, 200), T + 4);
        assertThat(stage.said()).isEmpty();
    }

    @Test
    void anEntityWithoutTypeWaits() throws Exception {
        start(Backend.HASHMAP, HOT);
        stage.attribute(ID, TEMPERATURE, 200, T);
        assertThat(stage.said()).isEmpty();
        stage.type(ID, CUTTER, T + 1);
        assertThat(stage.said()).containsExactly("raise " + ID + " no state", "raise " + ID + " too hot");
        stage.delete(ID, T + 2);
        assertThat(stage.said()).containsExactly("clear", "clear");
        stage.attribute(ID, TEMPERATURE, 200, T + 3);
        assertThat(stage.said()).isEmpty();
        stage.type(ID, "https://x/Other", T + 4);
        assertThat(stage.said()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsADeadLetterAndNothingElse() throws Exception {
        start(Backend.HASHMAP, HOT);
        cutter(20);
        stage.flat(InputTopic.IFF_ATTRIBUTES, ID, "{'id':", T);
        stage.flat(InputTopic.IFF_ENTITIES, ID, "\u0000\u0001", T);
        stage.document(null, ID, "{'id':'%s','type':'T','a':{'type':'What'}}".formatted(ID), T);
        assertThat(stage.said()).isEmpty();
        assertThat(stage.deadLetters()).hasSize(3).allSatisfy(letter -> {
            assertThat(letter.code()).isNotEqualTo("internal-error");
            assertThat(letter.record().entityId()).isEqualTo(ID);
        });
        assertThat(stage.deadLetters().get(0)).extracting(DeadLetter::message).isNotNull();
        stage.attribute(ID, TEMPERATURE, 200, T);
        assertThat(stage.said()).containsExactly("raise " + ID + " too hot");
    }

    @Test
    void aLongListIsKept() throws Exception {
        start(Backend.HASHMAP, HOT);
        String list = "[1" + ",1".repeat(99_000) + "]";
        String json = "{'id':'%s','type':'https://x/Cutter','https://x/state':{'type':'ListProperty','valueList':%s}}"
                .formatted(ID, list);
        stage.document(null, ID, json, T);
        stage.document(null, ID, json, T + 1);
        stage.snapshot();
        assertThat(stage.deadLetters()).isEmpty();
        assertThat(stage.said()).containsExactly("raise " + ID + " no temperature");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aNewProgramJudgesNewChangesAtOnceAndAllEntitiesInTheBackground(Backend backend) throws Exception {
        start(backend, HOT);
        for (int i = 0; i < 200; i++) {
            stage.document(
                    null,
                    "urn:" + i,
                    "{'id':'urn:%d','type':'https://x/Cutter','https://x/state':1,'https://x/temperature':%d}"
                            .formatted(i, i),
                    T);
        }
        assertThat(stage.said()).hasSize(99);
        stage.activate(activation(2, TestPrograms.json(150, "too hot")));
        stage.mail(); // compiled
        assertThat(stage.acknowledged()).containsExactly("ACTIVE 1", "CONVERGED 1 rechecked 0", "ACTIVE 2");
        stage.document(
                null,
                "urn:199",
                "{'id':'urn:199','type':'https://x/Cutter','https://x/state':1,'https://x/temperature':120}",
                T + 1);
        assertThat(stage.said()).as("judged by the new program").containsExactly("clear");
        stage.settle();
        assertThat(stage.said()).filteredOn("clear"::equals).hasSize(50);
        assertThat(stage.acknowledged()).last().isEqualTo("CONVERGED 2 rechecked 199");
    }

    @Test
    void aSweepKeepsWhatStaysTheSameAndTellsWhatSaysSomethingElse() throws Exception {
        start(Backend.HASHMAP, HOT);
        cutter(200);
        stage.activate(activation(2, TestPrograms.permuted(HOT)));
        stage.mail();
        stage.settle();
        assertThat(stage.said()).containsExactly("watermark 1");
        stage.activate(activation(3, TestPrograms.json("declared", 100, "too hot", "Warning")));
        stage.mail();
        stage.settle();
        List<Verdict> update = stage.verdicts();
        assertThat(stage.said()).containsExactly("update " + ID + " too hot", "watermark 1");
        assertThat(update.get(0).cause()).isNull();
        assertThat(update.get(0).settleMillis()).isZero();
        stage.activate(activation(4, TestPrograms.empty()));
        stage.mail();
        stage.settle();
        assertThat(stage.said()).containsExactly("clear", "watermark 1");
    }

    @Test
    void theSameProgramAgainIsAcknowledgedAndNothingIsJudged() throws Exception {
        start(Backend.HASHMAP, HOT);
        cutter(200);
        stage.activate(activation(5, HOT));
        assertThat(stage.hasMail()).isFalse();
        stage.activate(activation(4, TestPrograms.empty()));
        assertThat(stage.hasMail()).as("an older one").isFalse();
        assertThat(stage.acknowledged())
                .containsExactly("ACTIVE 1", "CONVERGED 1 rechecked 0", "ACTIVE 5", "CONVERGED 5 rechecked 0");
        assertThat(stage.said()).isEmpty();
    }

    @Test
    void aProgramThatCannotBeUsedChangesNothing() throws Exception {
        start(Backend.HASHMAP, HOT);
        cutter(20);
        stage.activate(new Activation(2, "sha256:" + "0".repeat(64), new byte[9]));
        stage.mail();
        stage.attribute(ID, TEMPERATURE, 200, T + 1);
        assertThat(stage.said()).containsExactly("raise " + ID + " too hot");
        stage.activate(activation(2, TestPrograms.empty()));
        stage.mail();
        assertThat(stage.acknowledged()).last().isEqualTo("ACTIVE 2");
    }

    @Test
    void theNewestOfSeveralProgramsWins() throws Exception {
        start(Backend.HASHMAP, HOT);
        cutter(200);
        stage.activate(activation(2, TestPrograms.empty()));
        stage.activate(activation(3, TestPrograms.json(300, "too hot")));
        stage.mail();
        stage.mail();
        stage.settle();
        assertThat(stage.said()).containsExactly("clear", "watermark 1");
        assertThat(stage.acknowledged()).last().isEqualTo("CONVERGED 3 rechecked 1");
        assertThat(stage.acknowledged()).doesNotContain("ACTIVE 2");
    }

    @Test
    void theSettingOfNumbersIsTheProgramsNotTheStates() throws Exception {
        start(Backend.HASHMAP, HOT);
        cutter(1e2);
        stage.activate(activation(2, TestPrograms.json("double", 99, "too hot", "Violation")));
        stage.mail();
        stage.settle();
        Verdict raise = stage.verdicts().get(0);
        assertThat(raise.alert().values())
                .containsExactly(Literal.of("1.0E2", "http://www.w3.org/2001/XMLSchema#double"));
    }

    @Test
    void aReplayLivesInRecordedTime() throws Exception {
        stage = new StageHarness(
                        Backend.HASHMAP,
                        new EntityStageSettings("d", Clock.RECORDED, List.of(), activation(1, HOT)),
                        1,
                        0)
                .open()
                .settle();
        assertThat(stage.said()).isEmpty();
        stage.type(ID, CUTTER, 1_000);
        assertThat(stage.verdicts()).extracting(Verdict::at).containsExactly(1_000L, 1_000L);
        stage.watermark(1_500);
        assertThat(stage.said()).last().isEqualTo("watermark 1500");
        stage.end();
        assertThat(stage.said()).filteredOn(text -> text.startsWith("raise")).hasSize(2);
    }
}
