package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keys of state. Flink's own writes them byte by byte, and a checkpoint holds one for each entity and alert. */
public final class TextSerializer extends ImmutableSerializer<String> {
    public static final TextSerializer INSTANCE = new TextSerializer();
    public static final TypeInformation<String> TYPE = new SingletonTypeInfo<>(String.class, INSTANCE);

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(String text, DataOutputView out) throws IOException {
        Bytes.writeText(text, out);
    }

    @Override
    public String deserialize(DataInputView in) throws IOException {
        return Bytes.readText(in);
    }

    @Override
    public TypeSerializerSnapshot<String> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<String> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
