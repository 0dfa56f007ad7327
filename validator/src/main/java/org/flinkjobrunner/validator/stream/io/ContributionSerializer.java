package org.flinkjobrunner.validator.stream.io;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.flinkjobrunner.validator.stream.alert.Contribution;

public final class ContributionSerializer extends ImmutableSerializer<Contribution> {
    public static final ContributionSerializer INSTANCE = new ContributionSerializer();
    public static final TypeInformation<Contribution> TYPE = new SingletonTypeInfo<>(Contribution.class, INSTANCE);

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(Contribution contribution, DataOutputView out) throws IOException {
        Bytes.writeText(contribution.resource(), out);
        Bytes.writeText(contribution.event(), out);
        Bytes.writeText(contribution.alertId(), out);
        Bytes.writeText(contribution.severity(), out);
        Bytes.writeText(contribution.text(), out);
    }

    @Override
    public Contribution deserialize(DataInputView in) throws IOException {
        return new Contribution(
                Bytes.readText(in), Bytes.readText(in), Bytes.readText(in), Bytes.readText(in), Bytes.readText(in));
    }

    @Override
    public TypeSerializerSnapshot<Contribution> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Contribution> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
