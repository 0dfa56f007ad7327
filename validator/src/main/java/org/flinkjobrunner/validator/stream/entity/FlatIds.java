package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The ids of attribute records of family B: {@code <entityId>\<hash of the way to the attribute>}. Producers may use others,
 * but an attribute that came in a document has none, and a sub-attribute may name it all the same.
 */
final class FlatIds {
    private static final int HEX_DIGITS = 24;

    private FlatIds() {}

    /** The way to an attribute, as it is hashed: names and datasetIds from the outside in. */
    static String way(String parents, Instance instance) {
        String own = instance.name() + '\\' + instance.datasetId();
        return parents.isEmpty() ? own : parents + '\\' + own;
    }

    static boolean isOf(String id, String entityId, Instance instance, String way) {
        if (id.equals(instance.flatId())) {
            return true;
        }
        int length = entityId.length() + 1 + HEX_DIGITS;
        return id.length() == length && id.startsWith(entityId) && id.endsWith(hash(way));
    }

    private static String hash(String way) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(way.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HEX_DIGITS / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
