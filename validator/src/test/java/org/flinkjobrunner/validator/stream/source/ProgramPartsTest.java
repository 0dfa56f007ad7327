package org.flinkjobrunner.validator.stream.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.flinkjobrunner.validator.stream.Activation;
import org.junit.jupiter.api.Test;

class ProgramPartsTest {
    private static final Published FIRST = new Published("{\"first\": 1}");
    private static final Published SECOND = new Published("{\"second\": 2}");

    private final List<String> problems = new ArrayList<>();
    private final ProgramParts programs = new ProgramParts("default", 0, 1 << 20, problems::add);

    /** A program as it lies in the topic, in two parts. */
    record Published(String digest, List<byte[]> parts, String text) {
        Published(String text) {
            this(digest(text), halves(gzip(text)), text);
        }

        private static String digest(String text) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return "sha256:" + HexFormat.of().formatHex(hash);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private static byte[] gzip(String text) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return bytes.toByteArray();
        }

        private static List<byte[]> halves(byte[] bytes) {
            return List.of(Arrays.copyOf(bytes, 10), Arrays.copyOfRange(bytes, 10, bytes.length));
        }

        String key(int part) {
            return "part/" + digest + "/" + part;
        }

        byte[] active(long epoch) {
            return ("{\"formatVersion\":1,\"epoch\":" + epoch + ",\"digest\":\"" + digest
                            + "\",\"parts\":2,\"also\":[],\"stamp\":0,\"settings\":{}}")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    private Activation active(Published published, long epoch) {
        return programs.accept("active/default", published.active(epoch));
    }

    private Activation part(Published published, int part) {
        return programs.accept(published.key(part), published.parts().get(part));
    }

    private static String text(Activation activation) throws IOException {
        try (GZIPInputStream program = new GZIPInputStream(new ByteArrayInputStream(activation.compressed()))) {
            return new String(program.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void partsAndThenWhichOneCounts() throws IOException {
        assertThat(part(FIRST, 0)).isNull();
        assertThat(part(FIRST, 1)).isNull();
        Activation activation = active(FIRST, 1);
        assertThat(activation.epoch()).isEqualTo(1);
        assertThat(activation.digest()).isEqualTo(FIRST.digest());
        assertThat(text(activation)).isEqualTo(FIRST.text());
    }

    @Test
    void compactionMayTurnTheOrderRound() throws IOException {
        assertThat(active(FIRST, 1)).isNull();
        assertThat(part(FIRST, 1)).isNull();
        assertThat(text(part(FIRST, 0))).isEqualTo(FIRST.text());
    }

    @Test
    void anOlderEpochIsNotActivatedAgain() {
        part(FIRST, 0);
        part(FIRST, 1);
        part(SECOND, 0);
        part(SECOND, 1);
        assertThat(active(SECOND, 2)).isNotNull();
        assertThat(active(SECOND, 2)).isNull();
        assertThat(active(FIRST, 1)).isNull();
        assertThat(active(FIRST, 3)).as("a rollback has an epoch of its own").isNotNull();
        assertThat(problems).isEmpty();
    }

    @Test
    void otherDeploymentsAreNotOurs() {
        part(FIRST, 0);
        part(FIRST, 1);
        assertThat(programs.accept("active/other", FIRST.active(1))).isNull();
    }

    @Test
    void whatCannotBeUsedIsToldAndSkipped() {
        programs.accept("active/default", "{".getBytes(StandardCharsets.UTF_8));
        programs.accept("active/default", "{\"formatVersion\": 2}".getBytes(StandardCharsets.UTF_8));
        programs.accept("active/default", "{\"formatVersion\": 1}".getBytes(StandardCharsets.UTF_8));
        programs.accept("active/default", null);
        programs.accept("part/sha256:0/x", new byte[1]);
        programs.accept("part/", new byte[1]);
        programs.accept("else", new byte[1]);
        assertThat(problems).hasSize(5);
        part(FIRST, 0);
        part(FIRST, 1);
        assertThat(active(FIRST, 1)).isNotNull();
    }

    @Test
    void wrongPartsAreNoProgram() {
        programs.accept(FIRST.key(0), SECOND.parts().get(0));
        programs.accept(FIRST.key(1), SECOND.parts().get(1));
        assertThat(active(FIRST, 1)).isNull();
        assertThat(problems).singleElement().asString().contains("have the digest " + SECOND.digest());
        programs.accept(SECOND.key(0), new byte[10]);
        programs.accept(SECOND.key(1), new byte[10]);
        assertThat(active(SECOND, 2)).isNull();
        assertThat(problems).hasSize(2);
    }

    @Test
    void whatIsKeptIsBoundedAndTheOldestGoes() {
        int size = FIRST.parts().stream().mapToInt(one -> one.length).sum();
        ProgramParts small = new ProgramParts("default", 0, size + 12, problems::add);
        small.accept(FIRST.key(0), FIRST.parts().get(0));
        small.accept(FIRST.key(1), FIRST.parts().get(1));
        small.accept(SECOND.key(0), SECOND.parts().get(0));
        assertThat(small.parts()).hasSize(3);
        small.accept(SECOND.key(1), SECOND.parts().get(1));
        assertThat(small.parts()).extracting(ProgramParts.Part::digest).containsOnly(SECOND.digest());
    }

    @Test
    void whatWaitsIsRestored() {
        part(FIRST, 0);
        active(FIRST, 4);
        ProgramParts restored = new ProgramParts("default", 0, 1 << 20, problems::add);
        restored.restore(programs.lastEpoch(), programs.waiting(), programs.parts());
        Activation activation = restored.accept(FIRST.key(1), FIRST.parts().get(1));
        assertThat(activation.epoch()).isEqualTo(4);
        assertThat(restored.waiting()).isNull();
    }
}
