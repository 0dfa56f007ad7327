package org.flinkjobrunner.validator.stream.sink;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A record to write; key and value may be null. */
public record OutRecord(String topic, byte[] key, byte[] value, List<Header> headers) {
    public record Header(String name, byte[] value) {
        public static Header of(String name, String text) {
            return new Header(name, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
