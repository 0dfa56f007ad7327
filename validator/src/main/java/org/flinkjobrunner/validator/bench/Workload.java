package org.flinkjobrunner.validator.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Workload W1: single-attribute updates of the IndustryFusion family on entities of ten numeric
 * attributes each. One update in 200 leaves the range that the shapes allow, and another one, a
 * given number of updates later, comes back: one per cent of the updates raise or clear an alert.
 *
 * <p>The same seed gives the same updates, so that every job of a benchmark reads the same bytes.
 */
final class Workload {
    static final int ATTRIBUTES = 10;
    static final String NAMESPACE = "https://benchmark.example.org/ontology/v1/";

    enum Effect {
        NONE,
        RAISE,
        CLEAR
    }

    record Update(byte[] key, byte[] value, Effect effect) {}

    private record Violation(long due, int slot) {}

    private static final String TYPE = NAMESPACE + "Machine";
    private static final byte[] AFTER_VALUE = ascii(",\"datasetId\":\"@none\",\"unitCode\":\"CEL\",\"synced\":true}");
    private static final double VIOLATIONS_PER_UPDATE = 1.0 / 200;
    private static final String OUT_OF_RANGE = "95.5";

    private final byte[][] keys;
    /** Everything before the value, per entity and attribute: making a record is two copies. */
    private final byte[][] beforeValue;

    private final SplittableRandom random;
    private final boolean[] violating;
    /** By when they are due: what one run leaves must not hold up the next one, which mends sooner. */
    private final PriorityQueue<Violation> violations = new PriorityQueue<>(Comparator.comparingLong(Violation::due));

    private long sequence;

    Workload(int entities, long seed) {
        random = new SplittableRandom(seed);
        keys = new byte[entities][];
        beforeValue = new byte[entities * ATTRIBUTES][];
        violating = new boolean[entities * ATTRIBUTES];
        for (int entity = 0; entity < entities; entity++) {
            String id = "urn:benchmark:plant-01:machine:%06d".formatted(entity);
            keys[entity] = ascii(id);
            for (int attribute = 0; attribute < ATTRIBUTES; attribute++) {
                beforeValue[entity * ATTRIBUTES + attribute] = beforeValue(id, attribute);
            }
        }
    }

    int entities() {
        return keys.length;
    }

    byte[] key(int entity) {
        return keys[entity];
    }

    static byte[] entityRecord(byte[] key) {
        String id = new String(key, StandardCharsets.US_ASCII);
        return ascii("{\"id\":\"" + id + "\",\"type\":\"" + TYPE + "\"}");
    }

    /** A first, unobjectionable value. */
    byte[] attributeRecord(int entity, int attribute) {
        return record(entity * ATTRIBUTES + attribute, inRange());
    }

    /** The value of the sentinel's first attribute: what tells that all before it was read. */
    static byte[] sentinelRecord(byte[] key, int attribute, boolean violating) {
        String id = new String(key, StandardCharsets.US_ASCII);
        return join(beforeValue(id, attribute), violating ? OUT_OF_RANGE : "50.5");
    }

    /** The next update; one that violates is mended {@code mendAfter} updates later. */
    Update next(long mendAfter) {
        sequence++;
        Violation oldest = violations.peek();
        if (oldest != null && oldest.due <= sequence) {
            violations.remove();
            violating[oldest.slot] = false;
            return update(oldest.slot, inRange(), Effect.CLEAR);
        }
        int slot = random.nextInt(beforeValue.length);
        while (violating[slot]) {
            slot = random.nextInt(beforeValue.length);
        }
        if (random.nextDouble() >= VIOLATIONS_PER_UPDATE) {
            return update(slot, inRange(), Effect.NONE);
        }
        violating[slot] = true;
        violations.add(new Violation(sequence + mendAfter, slot));
        return update(slot, OUT_OF_RANGE, Effect.RAISE);
    }

    private Update update(int slot, String value, Effect effect) {
        return new Update(keys[slot / ATTRIBUTES], record(slot, value), effect);
    }

    private String inRange() {
        int tenths = 200 + random.nextInt(600);
        return tenths / 10 + "." + tenths % 10;
    }

    private byte[] record(int slot, String value) {
        return join(beforeValue[slot], value);
    }

    private static byte[] join(byte[] before, String value) {
        byte[] number = ascii(value);
        byte[] record = new byte[before.length + number.length + AFTER_VALUE.length];
        System.arraycopy(before, 0, record, 0, before.length);
        System.arraycopy(number, 0, record, before.length, number.length);
        System.arraycopy(AFTER_VALUE, 0, record, before.length + number.length, AFTER_VALUE.length);
        return record;
    }

    private static byte[] beforeValue(String entity, int attribute) {
        String name = NAMESPACE + "attribute" + attribute;
        return ascii("{\"id\":\"" + entity + "\\\\" + hash(name + "\\@none") + "\",\"entityId\":\"" + entity
                + "\",\"name\":\"" + name
                + "\",\"nodeType\":\"@value\",\"type\":\"https://uri.etsi.org/ngsi-ld/Property\",\"attributeValue\":");
    }

    private static String hash(String place) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(ascii(place));
            return HexFormat.of().formatHex(digest).substring(0, 24);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
