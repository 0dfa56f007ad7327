package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.alert.Echo;
import org.flinkjobrunner.validator.wire.AlertTransition;

public final class EchoSerializer extends ImmutableSerializer<Echo> {
    public static final EchoSerializer INSTANCE = new EchoSerializer();
    public static final TypeInformation<Echo> TYPE = new SingletonTypeInfo<>(Echo.class, INSTANCE);

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(Echo echo, DataOutputView out) throws IOException {
        Bytes.writeText(echo.alertId(), out);
        Bytes.writeText(echo.attempt(), out);
        out.writeLong(echo.sequence());
        Bytes.writeText(echo.isTombstone() ? null : echo.state().name(), out);
        Bytes.write(echo.event(), out);
    }

    @Override
    public Echo deserialize(DataInputView in) throws IOException {
        String alertId = Bytes.readText(in);
        String attempt = Bytes.readText(in);
        long sequence = in.readLong();
        String state = Bytes.readText(in);
        return new Echo(
                alertId,
                attempt,
                sequence,
                state == null ? null : AlertTransition.State.valueOf(state),
                Bytes.read(in));
    }

    @Override
    public TypeSerializerSnapshot<Echo> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Echo> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
