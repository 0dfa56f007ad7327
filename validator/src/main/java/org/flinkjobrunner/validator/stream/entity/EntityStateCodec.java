package org.flinkjobrunner.validator.stream.entity;

import java.util.HexFormat;
import java.util.List;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** What is remembered of an entity as bytes: one document, compact, with its version in front. */
final class EntityStateCodec {
    private static final int VERSION = 2;
    /** It had no length before what an attribute says. */
    private static final int VERSION_WITHOUT_LENGTHS = 1;

    private static final int FLAT_ID = 1;
    private static final int FLAT_ORDER_IS_OF_THE_WRITE = 2;
    private static final int FLOOR = 4;
    private static final int DATASET = 8;
    private static final int ONE_WRITE = 16;

    private static final int VALUE = 1;
    private static final int TIME_OF_THE_RECORD = 2;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int ALERT_ID_BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();
    private static final Write[] NO_WRITES = {};
    private static final byte[] NO_CONTENT = {};

    private EntityStateCodec() {}

    static byte[] encode(EntityState state) {
        Packer out = new Packer();
        out.one(VERSION);
        out.text(state.id());
        out.order(state.floor());
        AttributeCodec.writeTexts(List.of(state.types()), out);
        out.order(state.typesOrder());
        AttributeCodec.writeTexts(state.scope(), out);
        out.order(state.scopeOrder());
        out.number(state.instances().length);
        for (Instance instance : state.instances()) {
            write(instance, state.id(), out);
        }
        out.number(state.subs().length);
        for (Instance sub : state.subs()) {
            FlatIds.write(sub.parentId(), state.id(), out);
            write(sub, state.id(), out);
        }
        out.number(state.standing().length);
        for (Standing standing : state.standing()) {
            out.text(standing.unitKey());
            for (byte one : HEX.parseHex(standing.alertId())) {
                out.one(one);
            }
            out.fixed(standing.fingerprint());
        }
        out.fixed(state.judgedBy());
        return out.toBytes();
    }

    static EntityState decode(byte[] bytes) {
        Unpacker in = new Unpacker(bytes, Names.ofThread());
        int version = in.one();
        if (version != VERSION && version != VERSION_WITHOUT_LENGTHS) {
            throw new IllegalStateException("version " + version + " of the state of an entity is not known, only "
                    + VERSION_WITHOUT_LENGTHS + " and " + VERSION);
        }
        boolean lengths = version == VERSION;
        String id = in.text();
        return new EntityState(
                id,
                in.order(),
                TypeSets.shared(AttributeCodec.readTexts(in).toArray(EntityState.NO_TYPES)),
                in.order(),
                AttributeCodec.readTexts(in),
                in.order(),
                readInstances(false, lengths, id, in),
                readInstances(true, lengths, id, in),
                readStanding(in),
                in.fixed());
    }

    private static void write(Instance instance, String entityId, Packer out) {
        Write[] writes = instance.writes();
        boolean dataset = !instance.datasetId().equals(NgsiLd.NO_DATASET);
        String flatId = instance.flatId(entityId);
        boolean named = flatId != null;
        boolean same = instance.isNamedByWinner();
        out.one((named ? FLAT_ID : 0)
                | (same ? FLAT_ORDER_IS_OF_THE_WRITE : 0)
                | (instance.floor() != null ? FLOOR : 0)
                | (dataset ? DATASET : 0)
                | (writes.length == 1 ? ONE_WRITE : 0));
        out.name(instance.name());
        if (dataset) {
            out.text(instance.datasetId());
        }
        if (writes.length != 1) {
            out.number(writes.length);
        }
        for (Write write : writes) {
            write(write, out);
        }
        if (named) {
            FlatIds.write(flatId, entityId, out);
            if (!same) {
                out.order(instance.flatOrder());
            }
        }
        if (instance.floor() != null) {
            out.order(instance.floor());
        }
    }

    private static void write(Write write, Packer out) {
        long later = write.eventTime() - write.timestamp() * NANOS_PER_MILLI;
        out.one((write.isDeletion() ? 0 : VALUE) | (later == 0 ? TIME_OF_THE_RECORD : 0));
        out.order(write.order());
        if (later != 0) {
            out.signed(later);
        }
        if (!write.isDeletion()) {
            write.writeContent(out);
        }
    }

    private static Instance[] readInstances(boolean subs, boolean lengths, String entityId, Unpacker in) {
        int size = in.length();
        Instance[] instances = size == 0 ? Instance.NONE : new Instance[size];
        for (int i = 0; i < size; i++) {
            String parentId = subs ? FlatIds.read(entityId, in) : null;
            instances[i] = readInstance(parentId, lengths, entityId, in);
        }
        return instances;
    }

    private static Instance readInstance(String parentId, boolean lengths, String entityId, Unpacker in) {
        int parts = in.one();
        String name = in.name();
        String datasetId = (parts & DATASET) == 0 ? NgsiLd.NO_DATASET : in.sharedText();
        int size = (parts & ONE_WRITE) == 0 ? in.length() : 1;
        Write[] writes = size == 0 ? NO_WRITES : new Write[size];
        for (int i = 0; i < size; i++) {
            writes[i] = readWrite(lengths, in);
        }
        FlatId flatId = null;
        RecordOrder flatOrder = null;
        if ((parts & FLAT_ID) != 0) {
            flatId = FlatId.of(FlatIds.read(entityId, in), entityId);
            flatOrder = (parts & FLAT_ORDER_IS_OF_THE_WRITE) == 0 ? in.order() : writes[size - 1].order();
        }
        RecordOrder floor = (parts & FLOOR) == 0 ? null : in.order();
        return new Instance(parentId, name, datasetId, flatId, flatOrder, floor, writes);
    }

    private static Write readWrite(boolean lengths, Unpacker in) {
        int parts = in.one();
        RecordOrder order = in.order();
        long later = (parts & TIME_OF_THE_RECORD) == 0 ? in.signed() : 0;
        byte[] content =
                (parts & VALUE) == 0 ? NO_CONTENT : lengths ? in.raw(in.length()) : AttributeCodec.repacked(in);
        return new Write(order.timestamp() * NANOS_PER_MILLI + later, order, content);
    }

    private static Standing[] readStanding(Unpacker in) {
        int size = in.length();
        Standing[] standing = size == 0 ? Standing.NONE : new Standing[size];
        for (int i = 0; i < size; i++) {
            String unitKey = in.sharedText();
            byte[] alertId = new byte[ALERT_ID_BYTES];
            for (int j = 0; j < ALERT_ID_BYTES; j++) {
                alertId[j] = (byte) in.one();
            }
            standing[i] = new Standing(unitKey, HEX.formatHex(alertId), in.fixed());
        }
        return standing;
    }
}
