package org.flinkjobrunner.validator.stream.source;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flinkjobrunner.validator.stream.io.ImmutableSerializer;
import org.flinkjobrunner.validator.stream.io.SingletonTypeInfo;

/**
 * Kafka's records as they are, from a source to the operator that is chained to it, which makes something of them. They
 * go no further, so there is no need to write them.
 */
public final class KafkaRecordType extends ImmutableSerializer<ConsumerRecord<byte[], byte[]>> {
    @SuppressWarnings("unchecked")
    public static final TypeInformation<ConsumerRecord<byte[], byte[]>> INFO = new SingletonTypeInfo<>(
            (Class<ConsumerRecord<byte[], byte[]>>) (Class<?>) ConsumerRecord.class, new KafkaRecordType());

    private static final long serialVersionUID = 1L;
    private static final String NEVER = "a record of Kafka never leaves its chain: do not disable operator chaining";

    private KafkaRecordType() {}

    @Override
    public void serialize(ConsumerRecord<byte[], byte[]> record, DataOutputView out) throws IOException {
        throw new UnsupportedOperationException(NEVER);
    }

    @Override
    public ConsumerRecord<byte[], byte[]> deserialize(DataInputView in) throws IOException {
        throw new UnsupportedOperationException(NEVER);
    }

    @Override
    public TypeSerializerSnapshot<ConsumerRecord<byte[], byte[]>> snapshotConfiguration() {
        throw new UnsupportedOperationException(NEVER);
    }
}
