package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The ids of flat attributes: mostly the entity's id, a backslash and 24 hex digits, a hash of the place. Every attribute
 * of an entity has one, so they are kept compactly. Producers may use others; but an attribute that came in a document has
 * none, and a sub-attribute may name it all the same.
 */
final class FlatIds {
    private static final int PLAIN = 0;
    private static final int HEX = 1;
    private static final int HEX_DIGITS = 24;
    private static final String DIGITS = "0123456789abcdef";

    private FlatIds() {}

    /** Of an attribute of the entity. */
    static String of(String entityId, String name, String datasetId) {
        String place = name + '\\' + datasetId;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(place.getBytes(StandardCharsets.UTF_8));
            return entityId + '\\' + HexFormat.of().formatHex(hash, 0, HEX_DIGITS / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** @param id may be null */
    static boolean isUsual(String id, String entityId) {
        int from = entityId.length() + 1;
        if (id == null || id.length() != from + HEX_DIGITS || id.charAt(from - 1) != '\\' || !id.startsWith(entityId)) {
            return false;
        }
        for (int i = from; i < id.length(); i++) {
            if (DIGITS.indexOf(id.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    static void write(String id, String entityId, Packer out) {
        int from = entityId.length() + 1;
        if (!isUsual(id, entityId)) {
            out.one(PLAIN);
            out.text(id);
            return;
        }
        out.one(HEX);
        for (int i = from; i < id.length(); i += 2) {
            out.one(DIGITS.indexOf(id.charAt(i)) << 4 | DIGITS.indexOf(id.charAt(i + 1)));
        }
    }

    static String read(String entityId, Unpacker in) {
        if (in.one() == PLAIN) {
            return in.text();
        }
        StringBuilder id = new StringBuilder(entityId.length() + 1 + HEX_DIGITS);
        id.append(entityId).append('\\');
        for (int i = 0; i < HEX_DIGITS; i += 2) {
            int two = in.one();
            id.append(DIGITS.charAt(two >>> 4 & 0xF)).append(DIGITS.charAt(two & 0xF));
        }
        return id.toString();
    }
}
