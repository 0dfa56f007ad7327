package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final int KEY_IS_ID = 4;

    @Override
    public void serialize(InputRecord record, DataOutputView out) throws IOException {
        Operation operation = record.operation();
        byte[] key = record.key();
        boolean keyIsId = key != null && isText(key, record.entityId());
        out.writeByte(record.topic().ordinal());
        out.writeByte((record.part() ? PART : 0) | (record.marker() ? MARKER : 0) | (keyIsId ? KEY_IS_ID : 0));
        out.writeByte(operation == null ? -1 : operation.ordinal());
        out.writeInt(record.partition());
        out.writeLong(record.offset());
        out.writeLong(record.timestamp());
        Bytes.write(key, out);
        if (!keyIsId) {
            Bytes.writeText(record.entityId(), out);
        }
        Bytes.write(record.value(), out);
    }

    /** Whether the bytes are this text, in ASCII. */
    private static boolean isText(byte[] bytes, String text) {
        if (bytes.length != text.length()) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != text.charAt(i)) { // negative bytes never are
                return false;
            }
        }
        return true;
    }

    @Override
    public InputRecord deserialize(DataInputView in) throws IOException {
        InputTopic topic = TOPICS[in.readByte()];
        int flags = in.readByte();
        int operation = in.readByte();
        int partition = in.readInt();
        long offset = in.readLong();
        long timestamp = in.readLong();
        byte[] key = Bytes.read(in);
        String entityId = (flags & KEY_IS_ID) == 0 ? Bytes.readText(in) : new String(key, StandardCharsets.ISO_8859_1);
        return new InputRecord(
                topic,
                partition,
                offset,
                timestamp,
                operation < 0 ? null : OPERATIONS[operation],
                entityId,
                key,
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
