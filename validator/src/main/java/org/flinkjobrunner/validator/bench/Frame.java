package org.flinkjobrunner.validator.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A Kafka record as one byte array, the cheapest thing to move: key length, key, value. */
final class Frame {
    static final TypeInformation<byte[]> TYPE = PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;

    private static final int LENGTH = Short.BYTES;

    private Frame() {}

    static byte[] of(byte[] key, byte[] value) {
        byte[] frame = new byte[LENGTH + key.length + value.length];
        frame[0] = (byte) (key.length >>> 8);
        frame[1] = (byte) key.length;
        System.arraycopy(key, 0, frame, LENGTH, key.length);
        System.arraycopy(value, 0, frame, LENGTH + key.length, value.length);
        return frame;
    }

    static byte[] key(byte[] frame) {
        return Arrays.copyOfRange(frame, LENGTH, LENGTH + keyLength(frame));
    }

    static String entity(byte[] frame) {
        return new String(frame, LENGTH, keyLength(frame), StandardCharsets.UTF_8);
    }

    static byte[] value(byte[] frame) {
        return Arrays.copyOfRange(frame, LENGTH + keyLength(frame), frame.length);
    }

    static boolean isSentinel(byte[] frame) {
        return Sentinels.isAt(frame, LENGTH, keyLength(frame));
    }

    private static int keyLength(byte[] frame) {
        return (frame[0] & 0xff) << 8 | frame[1] & 0xff;
    }

    /** What the reference jobs read. */
    static final class Deserializer implements KafkaRecordDeserializationSchema<byte[]> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<byte[]> out) {
            out.collect(Frame.of(record.key(), record.value()));
        }

        @Override
        public TypeInformation<byte[]> getProducedType() {
            return TYPE;
        }
    }
}
