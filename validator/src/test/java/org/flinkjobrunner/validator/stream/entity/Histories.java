package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Random histories of one entity: few names and few moments, so that everything meets everything. */
final class Histories {
    static final String ID = "urn:test:1";

    record Event(EntityChange change, RecordOrder order) {}

    enum Families {
        DOCUMENTS,
        FLAT,
        BOTH
    }

    private static final String[] NAMES = {"https://x/a", "https://x/b"};
    private static final String[] DATASETS = {"@none", "@none", "urn:d:1"};
    private static final String[] TYPES = {"https://x/T1", "https://x/T2"};
    private static final long NANOS = 1_000_000;

    private final Random random;
    private final Families families;
    private long offset;
    private int values;

    Histories(long seed, Families families) {
        this.random = new Random(seed);
        this.families = families;
    }

    List<Event> next(int most) {
        List<Event> events = new ArrayList<>();
        int size = 1 + random.nextInt(most);
        for (int i = 0; i < size; i++) {
            boolean flat = families == Families.FLAT || families == Families.BOTH && random.nextBoolean();
            events.add(flat ? flat() : document());
        }
        return events;
    }

    private RecordOrder order(InputTopic topic) {
        return new RecordOrder(1_000 + random.nextInt(8), topic, random.nextInt(2), offset++);
    }

    private Event document() {
        RecordOrder order = order(InputTopic.NGSI_LD);
        if (chance(15)) {
            return new Event(new EntityChange.EntityDelete(ID), order);
        }
        Operation operation = pick(Operation.REPLACE, Operation.UPSERT, Operation.UPSERT, Operation.MERGE);
        List<String> types = operation == Operation.REPLACE || chance(50)
                ? chance(20) ? List.of(TYPES[1], TYPES[0]) : List.of(pick(TYPES))
                : List.of();
        List<String> scope = chance(20) ? List.of("/s" + random.nextInt(2)) : List.of();
        List<AttributeWrite> writes = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            writes.add(write(order, key(), operation == Operation.MERGE && chance(30)));
        }
        return new Event(new EntityChange.Document(ID, operation, types, scope, writes), order);
    }

    private AttributeWrite write(RecordOrder order, AttributeKey key, boolean deleted) {
        long time = eventTime(order);
        if (deleted) {
            return new AttributeWrite(key, null, time, chance(50));
        }
        Attribute[] subs = chance(30)
                ? new Attribute[] {attribute(new AttributeKey("https://x/s" + random.nextInt(2), "@none"))}
                : Attribute.NONE;
        return new AttributeWrite(key, attribute(key, subs), time, true);
    }

    private Event flat() {
        if (chance(20)) {
            RecordOrder order = order(InputTopic.IFF_ENTITIES);
            return new Event(
                    chance(40) ? new EntityChange.EntityDelete(ID) : new EntityChange.EntityType(ID, pick(TYPES)),
                    order);
        }
        RecordOrder order = order(InputTopic.IFF_ATTRIBUTES);
        AttributeKey key = key();
        String id = ID + "\\" + key;
        String parentId = null;
        for (int depth = random.nextInt(3); depth > 0; depth--) {
            parentId = id;
            key = new AttributeKey("https://x/s" + random.nextInt(2), pick(DATASETS));
            id = id + "\\" + key;
        }
        long time = eventTime(order);
        if (families == Families.FLAT && chance(10)) {
            AttributeWrite erasure = new AttributeWrite(new AttributeKey("", "@none"), null, time, true);
            return new Event(new FlatAttribute(ID, id, null, erasure), order);
        }
        Attribute value = chance(20) ? null : attribute(key);
        return new Event(new FlatAttribute(ID, id, parentId, new AttributeWrite(key, value, time, true)), order);
    }

    private AttributeKey key() {
        return new AttributeKey(pick(NAMES), pick(DATASETS));
    }

    private long eventTime(RecordOrder order) {
        return chance(50) ? order.timestamp() * NANOS : (1_000 + random.nextInt(8)) * NANOS + random.nextInt(2);
    }

    /** Sometimes the same value again, mostly one that tells which write it is. */
    private Attribute attribute(AttributeKey key, Attribute... subs) {
        Term value = chance(20)
                ? Literal.string("same")
                : chance(50) ? Numbers.DECLARED.literal(Integer.toString(values++)) : Literal.string("v" + values++);
        return new Attribute(ID, key.name(), key.datasetId(), Kind.PROPERTY, List.of(value), Metadata.NONE, subs);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @SafeVarargs
    private <T> T pick(T... all) {
        return all[random.nextInt(all.length)];
    }
}
