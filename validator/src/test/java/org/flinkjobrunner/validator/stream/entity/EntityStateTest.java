package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;
import org.flinkjobrunner.validator.wire.RecordOrder;
import org.flinkjobrunner.validator.wire.RecordRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories, in any order of arrival, against a model that keeps every record and decides when it is asked. */
class EntityStateTest {
    private static final String ENTITY = "urn:e";
    private static final String[] NAMES = {"https://x/a", "https://x/b"};
    private static final AttributeKey SUB = new AttributeKey("https://x/sub", "@none");
    private static final String[] DATASETS = {"@none", "urn:d"};

    private static final Map<String, String> NAMED = named();

    private record Event(EntityChange change, RecordOrder order) {}

    private static Map<String, String> named() {
        Map<String, String> named = new HashMap<>();
        for (String name : NAMES) {
            for (String dataset : DATASETS) {
                AttributeKey key = new AttributeKey(name, dataset);
                named.put(flatId(key), id(key));
                named.put(flatId(key, SUB), id(key) + "/sub");
            }
        }
        return named;
    }

    static Stream<Integer> seeds() {
        return Stream.iterate(1, seed -> seed + 1).limit(300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheOrderOfArrivalTheSameStands(int seed) throws RecordRefused {
        Random random = new Random(seed);
        List<Event> history = history(random);
        Map<String, String> expected = expected(history);
        for (int shuffle = 0; shuffle < 6; shuffle++) {
            EntityState state = apply(history);
            assertThat(visible(state)).as("%s", history).isEqualTo(expected);
            assertThat(visible(EntityStateCodec.decode(EntityStateCodec.encode(state))))
                    .isEqualTo(expected);
            Collections.shuffle(history, random);
        }
    }

    private static List<Event> history(Random random) {
        List<Event> history = new ArrayList<>();
        int length = 1 + random.nextInt(12);
        for (int i = 0; i < length; i++) {
            RecordOrder order = new RecordOrder(
                    1_000 + random.nextInt(4), InputTopic.values()[random.nextInt(3)], random.nextInt(2), i);
            history.add(new Event(change(random, order), order));
            if (random.nextInt(5) == 0) {
                history.add(history.get(random.nextInt(history.size()))); // delivered twice
            }
        }
        return history;
    }

    private static EntityChange change(Random random, RecordOrder order) {
        return switch (random.nextInt(8)) {
            case 0 -> new EntityChange.EntityDelete(ENTITY);
            case 1 -> new EntityChange.EntityType(ENTITY, "https://x/T" + random.nextInt(2));
            case 2 -> document(random, Operation.REPLACE, order);
            case 3 -> document(random, Operation.MERGE, order);
            case 4 -> document(random, Operation.UPSERT, order);
            case 5 -> sub(random, order);
            default -> flat(random, order);
        };
    }

    private static EntityChange document(Random random, Operation operation, RecordOrder order) {
        Map<AttributeKey, AttributeWrite> writes = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            AttributeKey key = key(random);
            writes.put(key, write(random, key, order, random.nextInt(4) == 0));
        }
        List<String> types = random.nextBoolean() ? List.of("https://x/T" + random.nextInt(2)) : List.of();
        return new EntityChange.Document(ENTITY, operation, types, List.of(), List.copyOf(writes.values()));
    }

    private static EntityChange flat(Random random, RecordOrder order) {
        AttributeKey key = key(random);
        return new EntityChange.FlatAttribute(ENTITY, flatId(key), null, write(random, key, order, false));
    }

    /** Below one that a flat record may name, now or later or never. */
    private static EntityChange sub(Random random, RecordOrder order) {
        AttributeKey parent = key(random);
        AttributeKey key = SUB;
        return new EntityChange.FlatAttribute(
                ENTITY, flatId(parent, key), flatId(parent), write(random, key, order, false));
    }

    private static String id(AttributeKey key) {
        return key.name() + "|" + key.datasetId();
    }

    private static String flatId(AttributeKey... way) {
        String rest =
                Stream.of(way).map(key -> key.name() + "\\" + key.datasetId()).collect(Collectors.joining("\\"));
        return ENTITY + "\\" + Records.hash(rest);
    }

    private static AttributeKey key(Random random) {
        return new AttributeKey(NAMES[random.nextInt(2)], DATASETS[random.nextInt(2)]);
    }

    private static AttributeWrite write(Random random, AttributeKey key, RecordOrder order, boolean untimedDelete) {
        if (untimedDelete) {
            return new AttributeWrite(key, null, order.timestamp(), false);
        }
        Attribute attribute = random.nextInt(5) == 0
                ? null
                : new Attribute(
                        ENTITY,
                        key.name(),
                        key.datasetId(),
                        Kind.PROPERTY,
                        List.of(Numbers.DECLARED.literal(String.valueOf(random.nextInt(1_000)))),
                        Metadata.NONE);
        return new AttributeWrite(key, attribute, 1_000 + random.nextInt(4), true);
    }

    private static EntityState apply(List<Event> history) throws RecordRefused {
        EntityState state = EntityState.unknown(ENTITY);
        Delta delta = new Delta();
        for (Event event : history) {
            Map<String, String> before = visible(state);
            delta.clear();
            state = Changes.apply(state, event.change(), event.order(), delta);
            if (delta.isNothing()) {
                assertThat(visible(state)).as("what changes is told").isEqualTo(before);
            }
        }
        return state;
    }

    private static Map<String, String> visible(EntityState state) {
        EntityDocument document = state.document();
        Map<String, String> visible = new TreeMap<>();
        visible.put("types", String.join(" ", document.types()));
        for (Attribute attribute : document.attributes()) {
            visible.put(
                    attribute.name() + "|" + attribute.datasetId(),
                    attribute.values().toString());
            for (Attribute sub : attribute.subAttributes()) {
                assertThat(sub.parent()).isSameAs(attribute);
                visible.put(
                        attribute.name() + "|" + attribute.datasetId() + "/sub",
                        sub.values().toString());
            }
        }
        return visible;
    }

    /** The rules, told once more: every record is kept, and floors are applied when it is asked. */
    private static Map<String, String> expected(List<Event> history) {
        RecordOrder floor = newest(history.stream()
                .filter(event -> event.change() instanceof EntityChange.EntityDelete
                        || event.change() instanceof EntityChange.Document document
                                && document.operation() == Operation.REPLACE)
                .map(Event::order));
        Map<String, RecordOrder> floors = new HashMap<>();
        Map<String, Event> best = new HashMap<>();
        Map<String, AttributeWrite> writes = new HashMap<>();
        List<Event> alive = history.stream()
                .filter(event -> floor == null || event.order().compareTo(floor) >= 0)
                .toList();
        forEachWrite(alive, (name, write, event) -> {
            if (!write.timed()) {
                floors.merge(name, event.order(), (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        });
        Comparator<Long> times = Comparator.naturalOrder();
        forEachWrite(alive, (name, write, event) -> {
            RecordOrder own = floors.get(name);
            RecordOrder parents = name.endsWith("/sub") ? floors.get(name.substring(0, name.length() - 4)) : null;
            boolean dead = !write.timed()
                    || own != null && event.order().compareTo(own) < 0
                    || parents != null && event.order().compareTo(parents) < 0;
            if (dead) {
                return;
            }
            AttributeWrite known = writes.get(name);
            int later = known == null ? 1 : times.compare(write.eventTime(), known.eventTime());
            if (later > 0
                    || later == 0 && event.order().compareTo(best.get(name).order()) > 0) {
                writes.put(name, write);
                best.put(name, event);
            }
        });
        return shown(alive, writes);
    }

    private static Map<String, String> shown(List<Event> alive, Map<String, AttributeWrite> writes) {
        Map<String, String> shown = new TreeMap<>();
        shown.put("types", types(alive));
        writes.forEach((name, write) -> {
            String parent = name.replace("/sub", "");
            boolean hidden = !parent.equals(name)
                    && (!writes.containsKey(parent) || writes.get(parent).attribute() == null);
            if (write.attribute() != null && !hidden) {
                shown.put(name, write.attribute().values().toString());
            }
        });
        return shown;
    }

    private interface Visitor {
        void visit(String name, AttributeWrite write, Event event);
    }

    private static void forEachWrite(List<Event> events, Visitor visitor) {
        for (Event event : events) {
            if (event.change() instanceof EntityChange.Document document) {
                for (AttributeWrite write : document.attributes()) {
                    visitor.visit(id(write.key()), write, event);
                }
            } else if (event.change() instanceof EntityChange.FlatAttribute flat) {
                visitor.visit(NAMED.get(flat.id()), flat.write(), event);
            }
        }
    }

    private static String types(List<Event> alive) {
        Event newest = null;
        String types = "";
        for (Event event : alive) {
            String own = event.change() instanceof EntityChange.EntityType typed
                    ? typed.type()
                    : event.change() instanceof EntityChange.Document document
                            ? String.join(" ", document.types())
                            : "";
            if (!own.isEmpty() && (newest == null || event.order().compareTo(newest.order()) >= 0)) {
                newest = event;
                types = own;
            }
        }
        return types;
    }

    private static RecordOrder newest(Stream<RecordOrder> orders) {
        return orders.max(Comparator.naturalOrder()).orElse(null);
    }

    @Test
    void onlySoManySubAttributesWaitForTheirParent() throws RecordRefused {
        EntityState state = EntityState.unknown(ENTITY);
        for (int i = 0; i < SubAttributes.MOST_WAITING; i++) {
            state = Changes.apply(state, orphan(i), at(i), new Delta());
        }
        EntityState full = state;
        assertThatThrownBy(() -> Changes.apply(full, orphan(1_000), at(1_000), new Delta()))
                .isInstanceOfSatisfying(RecordRefused.class, refused -> assertThat(refused.code())
                        .isEqualTo("parent-unknown"));
    }

    private static EntityChange orphan(int number) {
        AttributeKey key = new AttributeKey("https://x/sub" + number, "@none");
        return new EntityChange.FlatAttribute(
                ENTITY, "sub" + number, "nobody", new AttributeWrite(key, null, number, true));
    }

    private static RecordOrder at(long offset) {
        return new RecordOrder(1_000, InputTopic.IFF_ATTRIBUTES, 0, offset);
    }

    @Test
    void aTombstoneFindsWhatItDeletesByItsId() throws RecordRefused {
        AttributeKey key = new AttributeKey(NAMES[0], "@none");
        Random random = new Random(1);
        EntityState state = EntityState.unknown(ENTITY);
        for (EntityChange change : List.of(
                new EntityChange.FlatAttribute(ENTITY, flatId(key), null, present(key)),
                new EntityChange.FlatAttribute(ENTITY, flatId(key, SUB), flatId(key), present(SUB)))) {
            state = Changes.apply(state, change, at(random.nextInt(10)), new Delta());
        }
        assertThat(visible(state)).hasSize(3);
        AttributeWrite gone = new AttributeWrite(new AttributeKey("", "@none"), null, 0, false);
        Delta delta = new Delta();
        state = Changes.apply(
                state, new EntityChange.FlatAttribute(ENTITY, flatId(key, SUB), null, gone), at(20), delta);
        assertThat(delta.attributes()).containsExactly(NAMES[0]);
        assertThat(visible(state)).hasSize(2);
        state = Changes.apply(state, new EntityChange.FlatAttribute(ENTITY, flatId(key), null, gone), at(21), delta);
        assertThat(visible(state)).hasSize(1);
    }

    private static AttributeWrite present(AttributeKey key) {
        Attribute attribute = new Attribute(
                ENTITY,
                key.name(),
                key.datasetId(),
                Kind.PROPERTY,
                List.of(Numbers.DECLARED.literal("1")),
                Metadata.NONE);
        return new AttributeWrite(key, attribute, 1_000, true);
    }

    @Test
    void anUpdateOfAnUnknownEntityIsIgnored() throws RecordRefused {
        Delta delta = new Delta();
        EntityChange update =
                new EntityChange.Document(ENTITY, Operation.UPDATE, List.of("https://x/T"), List.of(), List.of());
        EntityState state = Changes.apply(EntityState.unknown(ENTITY), update, at(1), delta);
        assertThat(delta.isIgnored()).isTrue();
        assertThat(state.isEmpty()).isTrue();
    }

    @Test
    void deletionsAreForgottenInTheEnd() throws RecordRefused {
        EntityState state =
                Changes.apply(EntityState.unknown(ENTITY), new EntityChange.EntityDelete(ENTITY), at(1), new Delta());
        assertThat(state.expired(1_000).isEmpty()).isFalse();
        assertThat(state.expired(1_001).isEmpty()).isTrue();
    }
}
