package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.sink.OutRecord;

public final class OutRecordSerializer extends ImmutableSerializer<OutRecord> {
    public static final OutRecordSerializer INSTANCE = new OutRecordSerializer();
    public static final TypeInformation<OutRecord> TYPE = new SingletonTypeInfo<>(OutRecord.class, INSTANCE);

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(OutRecord record, DataOutputView out) throws IOException {
        Bytes.writeText(record.topic(), out);
        Bytes.write(record.key(), out);
        Bytes.write(record.value(), out);
        Bytes.writeLength(record.headers().size(), out);
        for (OutRecord.Header header : record.headers()) {
            Bytes.writeText(header.name(), out);
            Bytes.write(header.value(), out);
        }
    }

    @Override
    public OutRecord deserialize(DataInputView in) throws IOException {
        String topic = Bytes.readText(in);
        byte[] key = Bytes.read(in);
        byte[] value = Bytes.read(in);
        int size = Bytes.readLength(in);
        List<OutRecord.Header> headers = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            headers.add(new OutRecord.Header(Bytes.readText(in), Bytes.read(in)));
        }
        return new OutRecord(topic, key, value, headers);
    }

    @Override
    public TypeSerializerSnapshot<OutRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<OutRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
