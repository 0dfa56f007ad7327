package org.flinkjobrunner.validator.wire;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.program.Context;
import org.flinkjobrunner.validator.program.Contexts;
import org.flinkjobrunner.validator.program.TermDefinition;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;

/** Input records, and changes as short texts. */
final class Records {
    /** 2026-01-01T00:00:00Z in milliseconds. */
    static final long TIME = 1_767_225_600_000L;

    static final long NANOS = TIME * 1_000_000;
    static final String ID = "urn:x:1";
    static final String PLANT = "https://x/plant.jsonld";
    static final Contexts CONTEXTS = new Contexts(
            Map.of(
                    PLANT,
                    new Context(
                            null,
                            Map.of(
                                    "Cutter",
                                    new TermDefinition("https://x/Cutter", null, Set.of()),
                                    "speed",
                                    new TermDefinition("https://x/speed", null, Set.of()),
                                    "madeOf",
                                    new TermDefinition("https://x/madeOf", "@id", Set.of()),
                                    "x",
                                    new TermDefinition("https://x/", null, Set.of())))),
            null);

    private Records() {}

    static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static InputRecord record(InputTopic topic, Operation operation, String entityId, String key, String value) {
        return new InputRecord(
                topic,
                1,
                42,
                TIME,
                operation,
                entityId,
                key == null ? null : bytes(key),
                value == null ? null : bytes(value),
                false,
                false);
    }

    /** With single quotes for double ones. */
    static InputRecord document(String value) {
        return record(InputTopic.NGSI_LD, null, ID, ID, value);
    }

    static EntityChange decode(InputRecord record) throws RecordRefused {
        return new ChangeDecoder(CONTEXTS).decode(record);
    }

    static String refusal(InputRecord record) {
        RecordRefused refused = catchThrowableOfType(RecordRefused.class, () -> decode(record));
        return refused == null ? "accepted" : refused.code() + " " + refused.pointer();
    }

    static String text(EntityChange change) {
        StringJoiner text = new StringJoiner("\n");
        if (change instanceof EntityChange.Document document) {
            document.attributes().forEach(write -> text.add(text(write)));
        } else if (change instanceof EntityChange.FlatAttribute flat) {
            text.add(text(flat.write()));
        } else {
            text.add(change.toString());
        }
        return text.toString();
    }

    static String text(AttributeWrite write) {
        String name = name(write.key().name(), write.key().datasetId());
        String time = write.eventTime() == NANOS ? "" : " @" + (write.eventTime() - NANOS) / 1_000_000;
        String deletion = write.timed() ? " deleted timed" : " deleted";
        return (write.attribute() == null ? name + deletion : text(write.attribute())) + time;
    }

    private static String name(String name, String datasetId) {
        return shortened(name) + (datasetId.equals(NgsiLd.NO_DATASET) ? "" : "[" + datasetId + "]");
    }

    static String text(Attribute attribute) {
        StringBuilder text = new StringBuilder(name(attribute.name(), attribute.datasetId()));
        text.append(' ').append(attribute.kind());
        attribute.values().forEach(value -> text.append(' ').append(text(value)));
        Metadata metadata = attribute.metadata();
        if (!metadata.equals(Metadata.NONE) && !metadata.equals(Metadata.observedAt("2026-01-01T00:00:00.000Z"))) {
            text.append(' ').append(shortened(metadata.toString().replaceAll("\\w+=(null|\\[]),? ?", "")));
        }
        for (Attribute subAttribute : attribute.subAttributes()) {
            text.append(" (").append(text(subAttribute)).append(')');
        }
        return text.toString();
    }

    static String text(Term term) {
        if (term instanceof StructuredNode node) {
            Map<String, Set<String>> properties = new TreeMap<>();
            node.properties().forEach((predicate, objects) -> {
                Set<String> texts = properties.computeIfAbsent(shortened(predicate), p -> new TreeSet<>());
                objects.forEach(object -> texts.add(text(object)));
            });
            return properties.toString();
        }
        if (term instanceof Literal literal && literal.jsonNumber()) {
            return literal.lexical();
        }
        return shortened(term.toString());
    }

    static String shortened(String text) {
        return text.replace("https://uri.etsi.org/ngsi-ld/default-context/", "d:")
                .replace("https://uri.etsi.org/ngsi-ld/", "n:")
                .replace("https://purl.org/geojson/vocab#", "geo:")
                .replace("http://www.w3.org/2001/XMLSchema#", "xsd:")
                .replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:")
                .replace("https://x/", "x:");
    }
}
