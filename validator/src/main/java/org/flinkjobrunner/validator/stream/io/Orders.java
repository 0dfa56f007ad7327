package org.flinkjobrunner.validator.stream.io;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Places in record order, which may be null. Topics by numbers of their own: their places in the enum may change. */
public final class Orders {
    private static final int NOTHING = 0;

    private Orders() {}

    private static int code(InputTopic topic) {
        return switch (topic) {
            case IFF_ATTRIBUTES -> 1;
            case IFF_ENTITIES -> 2;
            case NGSI_LD -> 3;
        };
    }

    private static InputTopic topic(int code) throws IOException {
        return switch (code) {
            case 1 -> InputTopic.IFF_ATTRIBUTES;
            case 2 -> InputTopic.IFF_ENTITIES;
            case 3 -> InputTopic.NGSI_LD;
            default -> throw new IOException("no input topic has the number " + code);
        };
    }

    public static void write(RecordOrder order, DataOutput out) throws IOException {
        if (order == null) {
            out.writeByte(NOTHING);
            return;
        }
        out.writeByte(code(order.topic()));
        out.writeLong(order.timestamp());
        out.writeInt(order.partition());
        out.writeLong(order.offset());
    }

    public static RecordOrder read(DataInput in) throws IOException {
        int code = in.readByte();
        return code == NOTHING ? null : new RecordOrder(in.readLong(), topic(code), in.readInt(), in.readLong());
    }
}
