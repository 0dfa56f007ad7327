package org.flinkjobrunner.validator.stream.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.source.ProgramPartsTest.Published;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgramAssemblerTest {
    private static final String TOPIC = "shacl.programs";
    private static final Published FIRST = new Published("{\"first\": 1}");
    private static final Published SECOND = new Published("{\"second\": 2}");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key, byte[] value) {
        return new ConsumerRecord<>(TOPIC, 0, offset, key.getBytes(StandardCharsets.UTF_8), value);
    }

    private static List<ConsumerRecord<byte[], byte[]>> topic() {
        return List.of(
                record(0, FIRST.key(0), FIRST.parts().get(0)),
                record(1, FIRST.key(1), FIRST.parts().get(1)),
                record(2, "active/default", FIRST.active(1)),
                record(3, SECOND.key(0), SECOND.parts().get(0)),
                record(4, "active/default", SECOND.active(2)),
                record(5, SECOND.key(1), SECOND.parts().get(1)));
    }

    private OneInputStreamOperatorTestHarness<ConsumerRecord<byte[], byte[]>, Activation> assembler;

    private void start(long initialEpoch, OperatorSubtaskState state) throws Exception {
        assembler = new OneInputStreamOperatorTestHarness<>(new ProgramAssembler("default", initialEpoch));
        if (state != null) {
            assembler.initializeState(state);
        }
        assembler.open();
    }

    @AfterEach
    void close() throws Exception {
        if (assembler != null) {
            assembler.close();
        }
    }

    private void read(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            assembler.processElement(new StreamRecord<>(record));
        }
    }

    @Test
    void whatTheJobStartedWithIsNotActivatedAgain() throws Exception {
        start(1, null);
        read(topic());
        assertThat(assembler.extractOutputValues())
                .extracting(Activation::epoch)
                .containsExactly(2L);
    }

    @Test
    void partsSurviveARestore() throws Exception {
        start(0, null);
        read(topic().subList(0, 5));
        OperatorSubtaskState checkpoint = assembler.snapshot(1, 1);
        close();
        start(0, checkpoint);
        read(topic().subList(5, 6));
        assertThat(assembler.extractOutputValues())
                .extracting(Activation::digest)
                .containsExactly(SECOND.digest());
    }

    private static MockConsumer<byte[], byte[]> consumer(List<ConsumerRecord<byte[], byte[]>> records) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        Node[] nodes = {};
        consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, nodes, nodes)));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, (long) records.size()));
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
        return consumer;
    }

    @Test
    void aJobStartsWithTheNewestProgram() {
        assertThat(InitialProgram.read(consumer(topic()), TOPIC, "default", PATIENCE)
                        .digest())
                .isEqualTo(SECOND.digest());
    }

    @Test
    void withoutAProgramItDoesNotStart() {
        assertThatThrownBy(() -> InitialProgram.read(consumer(topic()), TOPIC, "other", Duration.ofMillis(50)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("other")
                .hasMessageContaining("deploy");
    }
}
