package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;

/** Every record passes it on its way to its entity: no copies but of the bytes themselves. It is never in a checkpoint. */
public final class InputRecordSerializer extends ImmutableSerializer<InputRecord> {
    public static final InputRecordSerializer INSTANCE = new InputRecordSerializer();
    public static final TypeInformation<InputRecord> TYPE = new SingletonTypeInfo<>(InputRecord.class, INSTANCE);

    private static final long serialVersionUID = 1L;
    private static final InputTopic[] TOPICS = InputTopic.values();
    private static final Operation[] OPERATIONS = Operation.values();
    private static final int PART = 1;
    private static final int MARKER = 2;

    @Override
    public void serialize(InputRecord record, DataOutputView out) throws IOException {
        Operation operation = record.operation();
        out.writeByte(record.topic().ordinal());
        out.writeByte((record.part() ? PART : 0) | (record.marker() ? MARKER : 0));
        out.writeByte(operation == null ? -1 : operation.ordinal());
        out.writeInt(record.partition());
        out.writeLong(record.offset());
        out.writeLong(record.timestamp());
        Bytes.writeText(record.entityId(), out);
        Bytes.write(record.key(), out);
        Bytes.write(record.value(), out);
    }

    @Override
    public InputRecord deserialize(DataInputView in) throws IOException {
        InputTopic topic = TOPICS[in.readByte()];
        int flags = in.readByte();
        int operation = in.readByte();
        return new InputRecord(
                topic,
                in.readInt(),
                in.readLong(),
                in.readLong(),
                operation < 0 ? null : OPERATIONS[operation],
                Bytes.readText(in),
                Bytes.read(in),
                Bytes.read(in),
                (flags & PART) != 0,
                (flags & MARKER) != 0);
    }

    @Override
    public TypeSerializerSnapshot<InputRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<InputRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
