package org.flinkjobrunner.validator.stream.entity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.stream.io.Bytes;
import org.flinkjobrunner.validator.stream.io.Orders;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;

/** What is remembered of an entity as bytes: one document, compact, with its version in front. */
final class EntityStateCodec {
    private static final int VERSION = 1;
    private static final int USUAL_BYTES = 1024;

    private EntityStateCodec() {}

    static byte[] encode(EntityState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try {
            write(state, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    static EntityState decode(byte[] bytes) {
        try {
            return read(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException("the state of an entity cannot be read", e);
        }
    }

    private static void write(EntityState state, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        Bytes.writeText(state.id(), out);
        Orders.write(state.floor(), out);
        AttributeCodec.writeTexts(List.of(state.types()), out);
        Orders.write(state.typesOrder(), out);
        AttributeCodec.writeTexts(state.scope(), out);
        Orders.write(state.scopeOrder(), out);
        write(state.instances(), out);
        Bytes.writeLength(state.orphans().length, out);
        for (Orphan orphan : state.orphans()) {
            write(orphan, out);
        }
        Bytes.writeLength(state.standing().length, out);
        for (Standing standing : state.standing()) {
            Bytes.writeText(standing.unitKey(), out);
            Bytes.writeText(standing.alertId(), out);
            out.writeLong(standing.fingerprint());
        }
        out.writeLong(state.judgedBy());
    }

    private static EntityState read(DataInput in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("version " + version + " of the state of an entity is not known, only " + VERSION);
        }
        String id = Bytes.readText(in);
        return new EntityState(
                id,
                Orders.read(in),
                AttributeCodec.readTexts(in).toArray(EntityState.NO_TYPES),
                Orders.read(in),
                AttributeCodec.readTexts(in),
                Orders.read(in),
                readInstances(id, in),
                readOrphans(id, in),
                readStanding(in),
                in.readLong());
    }

    private static void write(Instance[] instances, DataOutput out) throws IOException {
        Bytes.writeLength(instances.length, out);
        for (Instance instance : instances) {
            Bytes.writeText(instance.name(), out);
            AttributeCodec.writeDataset(instance.datasetId(), out);
            Bytes.writeText(instance.flatId(), out);
            Orders.write(instance.floor(), out);
            Bytes.writeLength(instance.writes().length, out);
            for (Write write : instance.writes()) {
                out.writeLong(write.eventTime());
                Orders.write(write.order(), out);
                writeOptional(write.attribute(), out);
            }
            write(instance.children(), out);
        }
    }

    private static Instance[] readInstances(String entityId, DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        Instance[] instances = size == 0 ? Instance.NONE : new Instance[size];
        for (int i = 0; i < size; i++) {
            String name = Names.of(Bytes.readText(in));
            String datasetId = AttributeCodec.readDataset(in);
            instances[i] = new Instance(
                    name,
                    datasetId,
                    Bytes.readText(in),
                    Orders.read(in),
                    readWrites(entityId, name, datasetId, in),
                    readInstances(entityId, in));
        }
        return instances;
    }

    private static Write[] readWrites(String entityId, String name, String datasetId, DataInput in) throws IOException {
        Write[] writes = new Write[Bytes.readLength(in)];
        for (int i = 0; i < writes.length; i++) {
            writes[i] = new Write(in.readLong(), Orders.read(in), readOptional(entityId, name, datasetId, in));
        }
        return writes;
    }

    private static void write(Orphan orphan, DataOutput out) throws IOException {
        FlatAttribute change = orphan.change();
        AttributeWrite write = change.write();
        Orders.write(orphan.order(), out);
        Bytes.writeText(change.id(), out);
        Bytes.writeText(change.parentId(), out);
        Bytes.writeText(write.key().name(), out);
        AttributeCodec.writeDataset(write.key().datasetId(), out);
        writeOptional(write.attribute(), out);
        out.writeLong(write.eventTime());
        out.writeBoolean(write.timed());
    }

    private static Orphan[] readOrphans(String entityId, DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        Orphan[] orphans = size == 0 ? Orphan.NONE : new Orphan[size];
        for (int i = 0; i < size; i++) {
            var order = Orders.read(in);
            String id = Bytes.readText(in);
            String parentId = Bytes.readText(in);
            String name = Names.of(Bytes.readText(in));
            String datasetId = AttributeCodec.readDataset(in);
            AttributeWrite write = new AttributeWrite(
                    new AttributeKey(name, datasetId),
                    readOptional(entityId, name, datasetId, in),
                    in.readLong(),
                    in.readBoolean());
            orphans[i] = new Orphan(new FlatAttribute(entityId, id, parentId, write), order);
        }
        return orphans;
    }

    private static Standing[] readStanding(DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        Standing[] standing = size == 0 ? Standing.NONE : new Standing[size];
        for (int i = 0; i < size; i++) {
            standing[i] = new Standing(Names.of(Bytes.readText(in)), Bytes.readText(in), in.readLong());
        }
        return standing;
    }

    private static void writeOptional(Attribute attribute, DataOutput out) throws IOException {
        out.writeBoolean(attribute != null);
        if (attribute != null) {
            AttributeCodec.write(attribute, out);
        }
    }

    private static Attribute readOptional(String entityId, String name, String datasetId, DataInput in)
            throws IOException {
        return in.readBoolean() ? AttributeCodec.read(entityId, name, datasetId, in) : null;
    }
}
