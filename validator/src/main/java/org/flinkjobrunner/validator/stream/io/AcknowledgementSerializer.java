package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.Acknowledgement;

public final class AcknowledgementSerializer extends ImmutableSerializer<Acknowledgement> {
    public static final AcknowledgementSerializer INSTANCE = new AcknowledgementSerializer();
    public static final TypeInformation<Acknowledgement> TYPE =
            new SingletonTypeInfo<>(Acknowledgement.class, INSTANCE);

    private static final long serialVersionUID = 1L;
    private static final Acknowledgement.State[] STATES = Acknowledgement.State.values();

    @Override
    public void serialize(Acknowledgement told, DataOutputView out) throws IOException {
        Bytes.writeText(told.deployment(), out);
        Bytes.writeText(told.stage(), out);
        out.writeInt(told.instance());
        out.writeInt(told.parallelism());
        out.writeLong(told.epoch());
        Bytes.writeText(told.digest(), out);
        out.writeByte(told.state().ordinal());
        out.writeLong(told.entitiesRechecked());
        out.writeLong(told.time());
    }

    @Override
    public Acknowledgement deserialize(DataInputView in) throws IOException {
        return new Acknowledgement(
                Bytes.readText(in),
                Bytes.readText(in),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                Bytes.readText(in),
                STATES[in.readByte()],
                in.readLong(),
                in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<Acknowledgement> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Acknowledgement> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
