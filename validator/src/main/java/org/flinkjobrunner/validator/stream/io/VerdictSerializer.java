package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.wire.Alert;

public final class VerdictSerializer extends ImmutableSerializer<Verdict> {
    public static final VerdictSerializer INSTANCE = new VerdictSerializer();
    public static final TypeInformation<Verdict> TYPE = new SingletonTypeInfo<>(Verdict.class, INSTANCE);

    private static final long serialVersionUID = 1L;
    private static final Verdict.Kind[] KINDS = Verdict.Kind.values();

    @Override
    public void serialize(Verdict verdict, DataOutputView out) throws IOException {
        Bytes.writeText(verdict.alertId(), out);
        out.writeByte(verdict.kind().ordinal());
        out.writeBoolean(verdict.alert() != null);
        if (verdict.alert() != null) {
            AlertCodec.write(verdict.alert(), out);
        }
        out.writeLong(verdict.eventTime());
        out.writeLong(verdict.at());
        out.writeInt(verdict.settleMillis());
        Orders.write(verdict.cause(), out);
    }

    @Override
    public Verdict deserialize(DataInputView in) throws IOException {
        String alertId = Bytes.readText(in);
        Verdict.Kind kind = KINDS[in.readByte()];
        Alert alert = in.readBoolean() ? AlertCodec.read(in) : null;
        return new Verdict(alertId, kind, alert, in.readLong(), in.readLong(), in.readInt(), Orders.read(in));
    }

    @Override
    public TypeSerializerSnapshot<Verdict> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Verdict> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
