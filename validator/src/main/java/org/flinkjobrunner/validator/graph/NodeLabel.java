package org.flinkjobrunner.validator.graph;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Labels of the blank nodes of an entity: a hash of their place in it, so that the same place has the same label in every
 * run, whatever else the entity holds.
 */
final class NodeLabel {
    private static final int HEX_DIGITS = 32;

    private NodeLabel() {}

    /** @param steps the place inside the attribute's value; empty for the attribute itself */
    static String of(String entityId, List<AttributeKey> path, List<String> steps) {
        StringBuilder place = new StringBuilder();
        append(place, entityId);
        for (AttributeKey key : path) {
            append(place, key.name());
            append(place, key.datasetId());
        }
        place.append('/');
        for (String step : steps) {
            append(place, step);
        }
        byte[] hash = sha256().digest(place.toString().getBytes(StandardCharsets.UTF_8));
        return "_:" + HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
    }

    /** The length keeps ("ab", "c") and ("a", "bc") apart. */
    private static void append(StringBuilder place, String part) {
        place.append(part.length()).append(':').append(part);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
