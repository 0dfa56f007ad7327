package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.DeadLetter;
import org.flinkjobrunner.validator.wire.InputRecord;

public final class DeadLetterSerializer extends ImmutableSerializer<DeadLetter> {
    public static final DeadLetterSerializer INSTANCE = new DeadLetterSerializer();
    public static final TypeInformation<DeadLetter> TYPE = new SingletonTypeInfo<>(DeadLetter.class, INSTANCE);

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(DeadLetter letter, DataOutputView out) throws IOException {
        InputRecordSerializer.INSTANCE.serialize(letter.record(), out);
        Bytes.writeText(letter.code(), out);
        Bytes.writeText(letter.message(), out);
        Bytes.writeText(letter.pointer(), out);
    }

    @Override
    public DeadLetter deserialize(DataInputView in) throws IOException {
        InputRecord record = InputRecordSerializer.INSTANCE.deserialize(in);
        return new DeadLetter(record, Bytes.readText(in), Bytes.readText(in), Bytes.readText(in));
    }

    @Override
    public TypeSerializerSnapshot<DeadLetter> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<DeadLetter> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
