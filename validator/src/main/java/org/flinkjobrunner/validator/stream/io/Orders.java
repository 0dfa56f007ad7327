package org.flinkjobrunner.validator.stream.io;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Places in record order, which may be null. Topics by their names: their places in the enum may change. */
public final class Orders {
    private Orders() {}

    public static void write(RecordOrder order, DataOutput out) throws IOException {
        if (order == null) {
            Bytes.writeText(null, out);
            return;
        }
        Bytes.writeText(order.topic().name(), out);
        out.writeLong(order.timestamp());
        out.writeInt(order.partition());
        out.writeLong(order.offset());
    }

    public static RecordOrder read(DataInput in) throws IOException {
        String topic = Bytes.readText(in);
        return topic == null
                ? null
                : new RecordOrder(in.readLong(), InputTopic.valueOf(topic), in.readInt(), in.readLong());
    }
}
