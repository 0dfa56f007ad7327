package org.flinkjobrunner.validator.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.junit.jupiter.api.Test;

class JobOptionsTest {
    private static final String[] NEEDED = {
        "--deployment", "plant", "--bootstrap", "localhost:9092", "--sources", "ngsi-ld,iff", "--parallelism", "2"
    };

    private static JobOptions parse(String... more) {
        String[] all = Arrays.copyOf(NEEDED, NEEDED.length + more.length);
        System.arraycopy(more, 0, all, NEEDED.length, more.length);
        return JobOptions.parse(all);
    }

    @Test
    void whatIsNeededIsEnough() {
        JobOptions options = parse();
        assertThat(options.jobName()).isEqualTo("shacl-plant");
        assertThat(options.group()).isEqualTo("flinkjobrunner-plant");
        assertThat(options.inputTopics())
                .containsExactly("ngsi-ld.entities", "iff.ngsild.entities", "iff.ngsild.attributes");
        assertThat(options.maxParallelism()).isEqualTo(128);
        assertThat(options.checkpointInterval()).isZero();
        assertThat(options.topics()).usingRecursiveComparison().isEqualTo(Topics.DEFAULT);
    }

    @Test
    void topicsCanHaveOtherNames() {
        Topics topics = parse("--topic", "shacl.alerts=my.alerts", "--topic", "ngsi-ld.entities=my.entities")
                .topics();
        assertThat(topics.alerts()).isEqualTo("my.alerts");
        assertThat(topics.inputs().of(InputTopic.NGSI_LD)).isEqualTo("my.entities");
        assertThat(topics.inputs().of(InputTopic.IFF_ENTITIES)).isEqualTo("iff.ngsild.entities");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> JobOptions.parse("--deployment", "plant")).hasMessageContaining("--bootstrap");
        assertThatThrownBy(() -> parse("--sources", "mqtt")).hasMessageContaining("mqtt");
        assertThatThrownBy(() -> parse("--parallelism", "many")).hasMessageContaining("many");
        assertThatThrownBy(() -> parse("--parallel", "2")).hasMessageContaining("--parallel");
        assertThatThrownBy(() -> parse("--topic", "alerts=a")).hasMessageContaining("alerts");
        assertThatThrownBy(() -> parse("--topic")).hasMessageContaining("--topic");
    }
}
