package org.flinkjobrunner.validator.stream.entity;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.io.Bytes;
import org.flinkjobrunner.validator.stream.io.ImmutableSerializer;

/** Every value carries its version ({@link EntityStateCodec}), so that savepoints of older jobs can be read. */
public final class EntityCellSerializer extends ImmutableSerializer<EntityCell> {
    public static final EntityCellSerializer INSTANCE = new EntityCellSerializer();

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(EntityCell cell, DataOutputView out) throws IOException {
        Bytes.write(cell.bytes(), out);
    }

    @Override
    public EntityCell deserialize(DataInputView in) throws IOException {
        return new EntityCell(Bytes.read(in));
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        Bytes.write(Bytes.read(in), out);
    }

    @Override
    public TypeSerializerSnapshot<EntityCell> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<EntityCell> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
