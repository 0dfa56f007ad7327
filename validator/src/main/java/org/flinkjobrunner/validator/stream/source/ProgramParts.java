package org.flinkjobrunner.validator.stream.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.flinkjobrunner.validator.stream.Activation;

/**
 * Puts programs together from the records of the control topic: {@code part/<digest>/<n>} holds a piece of the compressed
 * program, {@code active/<deployment>} says which one counts. Their order is free, because compaction changes it. What
 * cannot be used is told and skipped: the program that runs goes on.
 */
final class ProgramParts {
    static final int FORMAT_VERSION = 1;
    static final long MAX_BYTES = 64L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PART = "part/";
    private static final int MAX_PARTS = 100_000;

    record Part(String digest, int number, byte[] bytes) {}

    private record Wanted(long epoch, String digest, int parts) {}

    private final String activeKey;
    private final long maxBytes;
    private final Consumer<String> problem;
    private final LinkedHashMap<String, Map<Integer, byte[]>> parts = new LinkedHashMap<>();
    private long bytes;
    private long lastEpoch;
    private Wanted wanted;
    private byte[] wantedJson;

    /**
     * @param lastEpoch of the program that is active already: only newer ones count
     * @param problem   is told what cannot be used
     */
    ProgramParts(String deployment, long lastEpoch, long maxBytes, Consumer<String> problem) {
        this.activeKey = "active/" + deployment;
        this.lastEpoch = lastEpoch;
        this.maxBytes = maxBytes;
        this.problem = problem;
    }

    /** @return the program that is complete and to be activated now; else null */
    Activation accept(String key, byte[] value) {
        if (key.equals(activeKey) && value != null) {
            want(value);
        } else if (key.startsWith(PART)) {
            int slash = key.lastIndexOf('/');
            keep(key.substring(Math.min(PART.length(), slash), slash), key.substring(slash + 1), value);
        }
        return complete();
    }

    /** The record of {@code active/...} that still waits for parts, or null. */
    byte[] waiting() {
        return wanted == null ? null : wantedJson;
    }

    long lastEpoch() {
        return lastEpoch;
    }

    Collection<Part> parts() {
        List<Part> all = new ArrayList<>();
        parts.forEach((digest, some) -> some.forEach((number, piece) -> all.add(new Part(digest, number, piece))));
        return all;
    }

    void restore(long epoch, byte[] waitingJson, Iterable<Part> kept) {
        lastEpoch = Math.max(lastEpoch, epoch);
        for (Part part : kept) {
            put(part);
        }
        if (waitingJson != null) {
            want(waitingJson);
        }
    }

    private void want(byte[] value) {
        Wanted next;
        try {
            next = wanted(JSON.readTree(value));
        } catch (IOException e) {
            problem.accept(activeKey + " is no JSON: " + e.getMessage());
            return;
        }
        long newest = wanted == null ? lastEpoch : wanted.epoch();
        if (next != null && next.epoch() > newest) {
            wanted = next;
            wantedJson = value;
        }
    }

    private Wanted wanted(JsonNode active) {
        if (active.path("formatVersion").asInt() != FORMAT_VERSION) {
            problem.accept(activeKey + " has formatVersion " + active.path("formatVersion") + ", this job reads "
                    + FORMAT_VERSION + ": restart it with the jar of the service that wrote it");
            return null;
        }
        JsonNode epoch = active.path("epoch");
        JsonNode digest = active.path("digest");
        JsonNode count = active.path("parts");
        if (!epoch.isIntegralNumber() || !digest.isTextual() || count.asInt() < 1 || count.asInt() > MAX_PARTS) {
            problem.accept(activeKey + " lacks an epoch, a digest or the number of parts");
            return null;
        }
        return new Wanted(epoch.longValue(), digest.textValue(), count.intValue());
    }

    private void keep(String digest, String number, byte[] value) {
        int n;
        try {
            n = Integer.parseInt(number);
        } catch (NumberFormatException e) {
            problem.accept("the key part/" + digest + "/" + number + " ends in no number");
            return;
        }
        if (value != null) {
            put(new Part(digest, n, value));
        } else if (parts.containsKey(digest)) {
            byte[] gone = parts.get(digest).remove(n);
            bytes -= gone == null ? 0 : gone.length;
        }
        dropOldest();
    }

    private void put(Part part) {
        byte[] before = parts.computeIfAbsent(part.digest(), digest -> new LinkedHashMap<>())
                .put(part.number(), part.bytes());
        bytes += part.bytes().length - (before == null ? 0 : before.length);
    }

    private void dropOldest() {
        Iterator<Map.Entry<String, Map<Integer, byte[]>>> oldest =
                parts.entrySet().iterator();
        while (bytes > maxBytes && parts.size() > 1 && oldest.hasNext()) {
            Map.Entry<String, Map<Integer, byte[]>> entry = oldest.next();
            if (wanted == null || !wanted.digest().equals(entry.getKey())) {
                bytes -= entry.getValue().values().stream()
                        .mapToLong(one -> one.length)
                        .sum();
                oldest.remove();
            }
        }
    }

    private Activation complete() {
        Map<Integer, byte[]> some = wanted == null ? null : parts.get(wanted.digest());
        if (some == null || some.size() < wanted.parts()) {
            return null;
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        for (int n = 0; n < wanted.parts(); n++) {
            byte[] piece = some.get(n);
            if (piece == null) {
                return null;
            }
            compressed.writeBytes(piece);
        }
        Wanted found = wanted;
        wanted = null;
        if (!isWhatItSays(compressed.toByteArray(), found.digest())) {
            return null;
        }
        lastEpoch = found.epoch();
        return new Activation(found.epoch(), found.digest(), compressed.toByteArray());
    }

    private boolean isWhatItSays(byte[] compressed, String digest) {
        try (InputStream program = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = program.read(buffer); read >= 0; read = program.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            String actual = "sha256:" + HexFormat.of().formatHex(sha256.digest());
            if (actual.equals(digest)) {
                return true;
            }
            problem.accept("the parts of " + digest + " have the digest " + actual);
        } catch (IOException e) {
            problem.accept("the parts of " + digest + " cannot be unpacked: " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        return false;
    }
}
