package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.stream.entity.Histories.Event;
import org.flinkjobrunner.validator.stream.entity.Histories.Families;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.flinkjobrunner.validator.wire.RecordRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangesTest {
    private static final String ID = Histories.ID;
    private static final int HISTORIES = 800;
    private static final int MOST_EVENTS = 14;

    private final Delta delta = new Delta();
    private EntityState state = EntityState.unknown(ID);

    /** As the store may do it: overwritten in place, written and read, or as it is. */
    private static EntityState kept(EntityState before, EntityState after, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> EntityStateCodec.decode(EntityStateCodec.encode(after));
            case 1 -> after;
            default -> {
                EntityState own = before.copy();
                String untouched = NaiveEntity.text(before.document());
                EntityState next = own.take(after) ? own : after.copy();
                assertThat(NaiveEntity.text(next.document())).isEqualTo(NaiveEntity.text(after.document()));
                assertThat(EntityStateCodec.encode(next)).isEqualTo(EntityStateCodec.encode(after));
                assertThat(NaiveEntity.text(before.document())).isEqualTo(untouched);
                yield next;
            }
        };
    }

    private void apply(EntityChange change, RecordOrder order) throws RecordRefused {
        delta.clear();
        state = Changes.apply(state, change, order, delta);
    }

    private void apply(Event event) throws RecordRefused {
        apply(event.change(), event.order());
    }

    private String text() {
        return NaiveEntity.text(state.document());
    }

    @ParameterizedTest
    @EnumSource(Families.class)
    void whateverTheOrderOfDeliveryTheDocumentIsThatOfTheNaiveModel(Families families) throws RecordRefused {
        Random random = new Random(7);
        for (int seed = 0; seed < HISTORIES; seed++) {
            List<Event> events = new Histories(seed, families).next(MOST_EVENTS);
            for (int delivery = 0; delivery < 3; delivery++) {
                state = EntityState.unknown(ID);
                NaiveEntity model = new NaiveEntity();
                List<Event> delivered = new ArrayList<>(events);
                delivered.add(events.get(random.nextInt(events.size()))); // at least once
                if (delivery > 0) {
                    Collections.shuffle(delivered, random);
                }
                for (Event event : delivered) {
                    EntityState was = state;
                    EntityDocument before = was.document();
                    apply(event);
                    model.add(event);
                    assertThat(text()).as("history %s: %s", seed, delivered).isEqualTo(model.text());
                    assertThatDeltaIsRight(before, state.document());
                    state = kept(was, state, random);
                }
            }
        }
    }

    private void assertThatDeltaIsRight(EntityDocument before, EntityDocument after) {
        if (delta.isEverything()) {
            assertThat(NaiveEntity.text(after)).isNotEqualTo(NaiveEntity.text(before));
            return;
        }
        assertThat(List.of(after.types())).isEqualTo(List.of(before.types()));
        assertThat(after.scope()).isEqualTo(before.scope());
        Map<String, List<String>> some = byName(before);
        Map<String, List<String>> others = byName(after);
        List<String> changed = new ArrayList<>(others.keySet());
        some.keySet().stream().filter(name -> !others.containsKey(name)).forEach(changed::add);
        changed.removeIf(name -> others.containsKey(name) && others.get(name).equals(some.get(name)));
        // A sub-attribute below one that is deleted may be named though nobody sees it.
        assertThat(delta.attributes()).containsAll(changed);
        boolean hidden = state.subs().length > 0;
        assertThat(hidden ? List.of() : delta.attributes()).isSubsetOf(changed);
    }

    private static Map<String, List<String>> byName(EntityDocument document) {
        Map<String, List<String>> texts = new HashMap<>();
        for (Attribute attribute : document.attributes()) {
            EntityDocument alone = EntityDocument.ofSorted(
                    document.id(), EntityState.NO_TYPES, new Attribute[] {attribute}, List.of());
            texts.computeIfAbsent(attribute.name(), name -> new ArrayList<>()).add(NaiveEntity.text(alone));
        }
        return texts;
    }

    private static RecordOrder at(long time) {
        return new RecordOrder(time, InputTopic.IFF_ATTRIBUTES, 0, time);
    }

    private static FlatAttribute flat(String id, String parentId, String name, String value, long time) {
        AttributeKey key = new AttributeKey(name, "@none");
        Attribute attribute = value == null
                ? null
                : new Attribute(ID, name, "@none", Kind.PROPERTY, List.of(Literal.string(value)), Metadata.NONE);
        return new FlatAttribute(ID, id, parentId, new AttributeWrite(key, attribute, time * 1_000_000, true));
    }

    @Test
    void anUpdateOfAnUnknownEntityIsIgnored() throws RecordRefused {
        apply(new EntityChange.Document(ID, Operation.UPDATE, List.of("https://x/T"), List.of(), List.of()), at(1));
        assertThat(state.isEmpty()).isTrue();
        assertThat(delta.isIgnored()).isTrue();
        apply(new EntityChange.EntityType(ID, "https://x/T"), at(2));
        apply(new EntityChange.Document(ID, Operation.UPDATE, List.of("https://x/U"), List.of(), List.of()), at(3));
        assertThat(state.types()).containsExactly("https://x/U");
    }

    @Test
    void aValueThatIsSentAgainIsNoChange() throws RecordRefused {
        apply(flat("p", null, "https://x/a", "1", 1), at(1));
        assertThat(delta.attributes()).containsExactly("https://x/a");
        apply(flat("p", null, "https://x/a", "1", 2), at(2));
        assertThat(delta.isNothing()).isTrue();
        apply(flat("p", null, "https://x/a", "2", 3), at(3));
        assertThat(delta.attributes()).containsExactly("https://x/a");
    }

    /** What a record does not speak of is not made, written or copied because of it. */
    @Test
    void whatDidNotChangeIsTheSameObject() throws RecordRefused {
        apply(flat("a", null, "https://x/a", "1", 1), at(1));
        apply(flat("b", null, "https://x/b", "1", 1), at(1));
        Instance[] before = state.instances();
        apply(flat("b", null, "https://x/b", "2", 2), at(2));
        Instance[] after = state.instances();
        assertThat(after[0]).isSameAs(before[0]);
        assertThat(after[1]).isNotSameAs(before[1]);
    }

    @Test
    void subAttributesThatWaitAreBounded() throws RecordRefused {
        for (int i = 0; i < SubAttributes.MOST_WAITING; i++) {
            apply(flat("s" + i, "p", "https://x/s" + i, "1", i), at(i));
        }
        assertThatThrownBy(() -> apply(flat("t", "q", "https://x/t", "1", 99), at(99)))
                .isInstanceOfSatisfying(RecordRefused.class, refused -> assertThat(refused.code())
                        .isEqualTo("parent-unknown"));
        apply(flat("p", null, "https://x/p", "1", 100), at(100));
        assertThat(state.document().attributes()[0].subAttributes()).hasSize(SubAttributes.MOST_WAITING);
        apply(flat("t", "q", "https://x/t", "1", 101), at(101));
    }

    @Test
    void circlesAndDepthsEndSomewhere() throws RecordRefused {
        apply(flat("a", null, "https://x/a", "1", 1), at(1));
        apply(flat("x", "y", "https://x/x", "1", 1), at(1));
        apply(flat("y", "x", "https://x/y", "1", 1), at(1));
        assertThat(state.document().attributes()[0].subAttributes()).isEmpty();
        assertThatThrownBy(() -> apply(flat("z", "z", "https://x/z", "1", 1), at(1)))
                .isInstanceOf(RecordRefused.class);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        apply(flat("d" + i, i == 0 ? "a" : "d" + (i - 1), "https://x/d", "1", 2), at(2));
                    }
                })
                .isInstanceOfSatisfying(RecordRefused.class, refused -> assertThat(refused.code())
                        .isEqualTo("too-deep"));
        // An id that moves: the newest record is right.
        apply(flat("y", null, "https://x/b", "1", 3), at(3));
        assertThat(text()).contains("https://x/b").contains("https://x/x");
    }

    @Test
    void deletionsAreForgottenAfterAWhileAndWhatTheyDeletedStaysAway() throws RecordRefused {
        apply(new EntityChange.EntityDelete(ID), at(10));
        apply(flat("a", null, "https://x/a", "1", 30), at(11));
        apply(flat("a", null, "https://x/a", null, 40), at(10));
        apply(flat("a", null, "https://x/a", "3", 20), at(12));
        assertThat(state.document().attributes()).isEmpty();
        assertThat(state.expired(10)).isSameAs(state);
        EntityState later = state.expired(11);
        assertThat(later.floor()).isNull();
        assertThat(later.isEmpty()).isTrue();
    }

    @Test
    void subAttributesDoNotWaitForEver() throws RecordRefused {
        apply(flat("s", "p", "https://x/s", "1", 10), at(10));
        assertThat(state.swept(10)).isSameAs(state);
        assertThat(state.swept(11).isEmpty()).isTrue();
    }

    @Test
    void erasuresOfWhatIsUnknownAreBounded() throws RecordRefused {
        for (int i = 0; i < 2 * Erasures.MOST_WAITING; i++) {
            AttributeWrite erasure = new AttributeWrite(new AttributeKey("", "@none"), null, i, true);
            apply(new FlatAttribute(ID, "id" + i, null, erasure), at(i));
        }
        assertThat(state.subs()).hasSize(Erasures.MOST_WAITING);
        apply(flat("s", "p", "https://x/s", "1", 10), at(10));
        assertThat(state.expired(1_000).subs()).hasSize(1);
    }
}
