package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.Activation;

public final class ActivationSerializer extends ImmutableSerializer<Activation> {
    public static final ActivationSerializer INSTANCE = new ActivationSerializer();
    public static final TypeInformation<Activation> TYPE = new SingletonTypeInfo<>(Activation.class, INSTANCE);

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(Activation activation, DataOutputView out) throws IOException {
        out.writeLong(activation.epoch());
        Bytes.writeText(activation.digest(), out);
        Bytes.write(activation.compressed(), out);
    }

    @Override
    public Activation deserialize(DataInputView in) throws IOException {
        return new Activation(in.readLong(), Bytes.readText(in), Bytes.read(in));
    }

    @Override
    public TypeSerializerSnapshot<Activation> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Activation> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
