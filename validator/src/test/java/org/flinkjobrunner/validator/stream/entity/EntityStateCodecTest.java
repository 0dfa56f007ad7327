package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityStateCodecTest {
    private static final String ID = "urn:test:ä→1";
    private static final String USUAL_ID = FlatIds.of(ID, "https://x/a", "@none");

    private static RecordOrder order(int number) {
        InputTopic topic = InputTopic.values()[number % InputTopic.values().length];
        return new RecordOrder(1_767_225_600_000L + number, topic, number % 5, (1L << 33) + number);
    }

    private static Attribute attribute(
            String name, Kind kind, Metadata metadata, List<Term> values, Attribute... subs) {
        return new Attribute(ID, name, name.endsWith("b") ? "urn:d" : "@none", kind, values, metadata, subs);
    }

    private static EntityState everything() {
        EntityState state = written();
        state.keep();
        return state;
    }

    /** Something of everything; changing it needs a new version. */
    private static EntityState written() {
        Metadata all = new Metadata(
                "2026-01-01T00:00:00.000Z",
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00.123456Z",
                null,
                "2026-13-99T99:99:99.999Z",
                "CEL",
                List.of("https://x/T"));
        Term list = StructuredNode.list(List.of(Numbers.DECLARED.literal("1"), Literal.string("2"), new Iri("urn:3")));
        Term node = new StructuredNode(Map.of("https://x/p", List.of(Literal.lang("heiß", "de"), Literal.string("→"))));
        Attribute sub = attribute("https://x/s", Kind.RELATIONSHIP, Metadata.NONE, List.of(new Iri("urn:y")));
        Attribute first = attribute(
                "https://x/a",
                Kind.JSON,
                all,
                List.of(list, node, Numbers.DECLARED.literal("-1.50e3"), Literal.of("true", XSD + "boolean")),
                sub);
        Attribute second = attribute(
                "https://x/b",
                Kind.LIST_RELATIONSHIP,
                Metadata.observedAt("2026-01-01T00:00:00.000Z"),
                List.of(Literal.of("2026-01-01", XSD + "date"), Literal.string("\uD800 half")));
        Write[] several = {
            new Write(7, order(9), (Attribute) null), new Write(order(8).timestamp() * 1_000_000, order(8), second),
        };
        return new EntityState(
                ID,
                order(1),
                new String[] {"https://x/T1", "https://x/T2"},
                order(2),
                List.of("/factory/hall"),
                order(3),
                new Instance[] {
                    new Instance(
                            null, "https://x/a", "@none", FlatId.of(USUAL_ID, ID), order(4), order(5), new Write[] {
                                new Write(-5, order(6), first)
                            }),
                    new Instance(null, "https://x/b", "urn:d", null, null, null, several),
                    new Instance(null, "https://x/ü→", "@none", null, null, order(7), new Write[0])
                },
                new Instance[] {
                    new Instance(
                            "opaque", "https://x/s", "@none", FlatId.of("other", ID), order(10), null, new Write[] {
                                new Write(order(10).timestamp() * 1_000_000, order(10), sub)
                            })
                },
                new Standing[] {new Standing("root shape", "0123456789abcdef0123456789abcdef", -9)},
                Long.MIN_VALUE);
    }

    private static final String XSD = "http://www.w3.org/2001/XMLSchema#";

    private static void assertSame(EntityState read, EntityState expected) {
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(
                        ".*(document|shown|shownWith|usualId|self|label|parent|typed|value|owner|hash)")
                .isEqualTo(expected);
        Attribute[] some = read.document().attributes();
        Attribute[] others = expected.document().attributes();
        assertThat(some).hasSameSizeAs(others);
        for (int i = 0; i < some.length; i++) {
            assertThat(Contents.same(some[i], others[i])).isTrue();
        }
    }

    @Test
    void everythingComesBack() {
        assertSame(EntityStateCodec.decode(EntityStateCodec.encode(everything())), everything());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatEarlierVersionsWroteIsRead(int version) throws IOException {
        String hex;
        try (InputStream in =
                EntityStateCodecTest.class.getResourceAsStream("entity-state-version-" + version + ".hex")) {
            hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
        EntityState read = EntityStateCodec.decode(HexFormat.of().parseHex(hex));
        assertSame(read, everything());
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = EntityStateCodec.encode(everything());
        bytes[0] = 99;
        assertThatThrownBy(() -> EntityStateCodec.decode(bytes)).hasMessageContaining("version 99");
    }

    @Test
    void namesAreMadeOnce() {
        byte[] bytes = EntityStateCodec.encode(everything());
        EntityState one = EntityStateCodec.decode(bytes);
        EntityState other = EntityStateCodec.decode(bytes);
        assertThat(one.instances()[0].name()).isSameAs(other.instances()[0].name());
        assertThat(one.types()[0]).isSameAs(other.types()[0]);
        assertThat(one.instances()[1].datasetId()).isSameAs(other.instances()[1].datasetId());
    }

    @Test
    void aCellIsWrittenWhateverItsForm() throws IOException {
        EntityCell cell = new EntityCell(EntityStateCodec.encode(everything()));
        cell.heat(everything(), 0);
        byte[] hot = written(cell);
        cell.cool();
        assertThat(written(cell)).isEqualTo(hot);
        EntityCell read = EntityCellSerializer.INSTANCE.deserialize(new DataInputDeserializer(hot));
        assertThat(read.bytes()).isEqualTo(cell.bytes());
        assertSame(read.state(), everything());
        DataOutputSerializer copy = new DataOutputSerializer(16);
        EntityCellSerializer.INSTANCE.copy(new DataInputDeserializer(hot), copy);
        assertThat(copy.getCopyOfBuffer()).isEqualTo(hot);
    }

    private static byte[] written(EntityCell cell) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        EntityCellSerializer.INSTANCE.serialize(cell, out);
        return out.getCopyOfBuffer();
    }

    /** Writes the resource; for a new version under a new name. */
    public static void main(String[] arguments) {
        System.out.println(HexFormat.of().formatHex(EntityStateCodec.encode(everything())));
    }
}
