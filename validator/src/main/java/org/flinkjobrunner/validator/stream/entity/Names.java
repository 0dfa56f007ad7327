package org.flinkjobrunner.validator.stream.entity;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Texts that many entities share (names, types, datasetIds), each kept once. Bounded, because data may hold ever new ones. */
final class Names {
    private static final int MOST = 100_000;
    private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

    private Names() {}

    static String of(String text) {
        if (text == null) {
            return null;
        }
        String known = KNOWN.get(text);
        if (known != null) {
            return known;
        }
        if (KNOWN.size() >= MOST) {
            KNOWN.clear();
        }
        KNOWN.put(text, text);
        return text;
    }
}
