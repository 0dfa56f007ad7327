package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.source.ControlRecord;

public final class ControlRecordSerializer extends ImmutableSerializer<ControlRecord> {
    public static final ControlRecordSerializer INSTANCE = new ControlRecordSerializer();
    public static final TypeInformation<ControlRecord> TYPE = new SingletonTypeInfo<>(ControlRecord.class, INSTANCE);

    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    @Override
    public void serialize(ControlRecord record, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        Bytes.writeText(record.digest(), out);
        out.writeLong(record.number());
        Bytes.write(record.value(), out);
    }

    @Override
    public ControlRecord deserialize(DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("version " + version + " of this state is not known, only " + VERSION);
        }
        return new ControlRecord(Bytes.readText(in), in.readLong(), Bytes.read(in));
    }

    @Override
    public TypeSerializerSnapshot<ControlRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ControlRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
