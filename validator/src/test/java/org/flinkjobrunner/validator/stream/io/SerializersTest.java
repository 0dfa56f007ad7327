package org.flinkjobrunner.validator.stream.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.flinkjobrunner.validator.stream.Acknowledgement;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.stream.alert.Alerts;
import org.flinkjobrunner.validator.stream.alert.Contribution;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.stream.source.ControlRecord;
import org.flinkjobrunner.validator.wire.Alert;
import org.flinkjobrunner.validator.wire.AlertTransition;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;
import org.junit.jupiter.api.Test;

class SerializersTest {
    private static final byte[] KEY = {1, 2};
    private static final byte[] VALUE = new byte[300];

    private static <T> T roundTrip(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }

    private static <T> void same(TypeSerializer<T> serializer, T value) throws IOException {
        assertThat(roundTrip(serializer, value)).usingRecursiveComparison().isEqualTo(value);
    }

    @Test
    void inputRecords() throws IOException {
        for (InputTopic topic : InputTopic.values()) {
            same(
                    InputRecordSerializer.INSTANCE,
                    new InputRecord(topic, 3, 1L << 40, -1, Operation.MERGE, "urn:x:ä€", KEY, VALUE, true, false));
            same(InputRecordSerializer.INSTANCE, InputRecord.marker(topic, 7, "marker:1"));
        }
        same(
                InputRecordSerializer.INSTANCE,
                new InputRecord(InputTopic.NGSI_LD, 0, 0, 0, null, "", null, null, false, false));
    }

    @Test
    void verdicts() throws IOException {
        Alert alert = Alerts.alert("too hot", "95.5");
        same(VerdictSerializer.INSTANCE, Alerts.raise("a", alert, 500, 17));
        same(VerdictSerializer.INSTANCE, Alerts.clear("a", 17));
        same(VerdictSerializer.INSTANCE, new Verdict("a", Verdict.Kind.UPDATE, alert, 1, 2, 0, null));
    }

    @Test
    void textsOfAnyKindComeBack() throws IOException {
        for (String text :
                List.of("", "ASCII", "Größe", "→", "\uD83D\uDE00", "half \uD800", "\0", "x".repeat(100_000))) {
            assertThat(roundTrip(VerdictSerializer.INSTANCE, Alerts.clear(text, 0))
                            .alertId())
                    .isEqualTo(text);
        }
    }

    @Test
    void whatIsWritten() throws IOException {
        InputRecord record = new InputRecord(InputTopic.NGSI_LD, 0, 5, 6, null, "urn:x:1", KEY, VALUE, false, false);
        same(DeadLetterSerializer.INSTANCE, new DeadLetter(record, "code", "message", null));
        same(DeadLetterSerializer.INSTANCE, new DeadLetter(record, "code", "message", "/a"));
        same(
                AcknowledgementSerializer.INSTANCE,
                new Acknowledgement("d", "entity", 1, 2, 3, "sha256:0", Acknowledgement.State.CONVERGED, 4, 5));
        same(OutRecordSerializer.INSTANCE, new OutRecord("t", KEY, null, List.of(OutRecord.Header.of("a", "b"))));
        same(ContributionSerializer.INSTANCE, new Contribution("r", "e", "a", "critical", "text"));
        same(ContributionSerializer.INSTANCE, new Contribution("r", "e", "a", null, null));
    }

    @Test
    void whatIsReadBesides() throws IOException {
        same(ActivationSerializer.INSTANCE, new Activation(3, "sha256:0", VALUE));
        same(EchoSerializer.INSTANCE, new Echo("a", "attempt", 3, AlertTransition.State.UPDATED, VALUE));
        same(EchoSerializer.INSTANCE, Echo.tombstone("a"));
        same(ControlRecordSerializer.INSTANCE, new ControlRecord("sha256:0", 3, VALUE));
        same(ControlRecordSerializer.INSTANCE, new ControlRecord(null, 3, null));
    }

    @Test
    void alertsThatSayTheSameHaveTheSameBytes() {
        byte[] bytes = AlertCodec.toBytes(Alerts.alert("too hot", "95.5"));
        assertThat(AlertCodec.toBytes(AlertCodec.fromBytes(bytes))).isEqualTo(bytes);
        assertThat(AlertCodec.toBytes(Alerts.alert("too hot", "95.6"))).isNotEqualTo(bytes);
    }
}
