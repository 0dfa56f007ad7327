package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.alert.AlertState;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Every value carries its version, so that savepoints of older jobs can be read; see AlertStateSerializerTest. */
public final class AlertStateSerializer extends ImmutableSerializer<AlertState> {
    public static final AlertStateSerializer INSTANCE = new AlertStateSerializer();

    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;
    /** What stands has been told: by far the most frequent state, and it is kept once. */
    private static final int SAME = 1;

    @Override
    public void serialize(AlertState state, DataOutputView out) throws IOException {
        boolean same = state.standing() != null && state.standing() == state.told();
        out.writeByte(VERSION);
        out.writeByte(same ? SAME : 0);
        Bytes.write(state.standing(), out);
        if (!same) {
            Bytes.write(state.told(), out);
        }
        out.writeLong(state.eventTime());
        Orders.write(state.cause(), out);
        out.writeLong(state.due());
        out.writeLong(state.sequence());
        out.writeLong(state.raisedAt());
        out.writeLong(state.updatedAt());
    }

    @Override
    public AlertState deserialize(DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("version " + version + " of the state of an alert is not known, only " + VERSION);
        }
        boolean same = in.readByte() == SAME;
        byte[] standing = Bytes.read(in);
        byte[] told = same ? standing : Bytes.read(in);
        long eventTime = in.readLong();
        RecordOrder cause = Orders.read(in);
        return new AlertState(
                standing, eventTime, cause, in.readLong(), told, in.readLong(), in.readLong(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<AlertState> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<AlertState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
