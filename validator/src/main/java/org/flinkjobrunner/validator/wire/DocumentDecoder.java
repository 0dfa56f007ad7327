package org.flinkjobrunner.validator.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;

/** Family A: one entity of NGSI-LD, in any of its representations. */
final class DocumentDecoder {
    private record Observation(AttributeKey key, long time) {}

    private final Expansions expansions;
    private final Place place;
    private final AttributeReader attributes;

    DocumentDecoder(Expansions expansions, Place place, ValueReader values, Instants instants) {
        this.expansions = expansions;
        this.place = place;
        this.attributes = new AttributeReader(place, values, instants);
    }

    /** @param recordTime nanoseconds, for what has no time of its own */
    EntityChange decode(Object json, Operation operation, long recordTime) throws RecordRefused {
        place.reset();
        Object root = json instanceof List<?> list && list.size() == 1 ? list.get(0) : json;
        if (!(root instanceof Map)) {
            throw place.refuse("invalid-entity", Excerpt.of(root) + " is not an entity", "an object is expected");
        }
        Map<String, Object> object = Json.object(root);
        Expansion expansion = expansion(object);
        String id = id(object, expansion);
        if (operation == Operation.DELETE) {
            return new EntityChange.EntityDelete(id);
        }
        attributes.use(id, expansion, recordTime);
        return entity(id, object, operation, expansion);
    }

    private Expansion expansion(Map<String, Object> object) throws RecordRefused {
        if (!object.containsKey("@context")) {
            return expansions.standard();
        }
        place.enter("@context");
        Expansion expansion = expansions.of(object.get("@context"), place);
        place.leave();
        return expansion;
    }

    private String id(Map<String, Object> object, Expansion expansion) throws RecordRefused {
        String id = null;
        for (Map.Entry<String, Object> member : object.entrySet()) {
            if (expansion.member(member.getKey()).member() == Member.ID) {
                place.enter(member.getKey());
                if (id != null || !(member.getValue() instanceof String text) || !Iris.isAbsolute(text)) {
                    throw place.refuse(
                            "invalid-id",
                            Excerpt.of(member.getValue()) + " is no id of an entity, or there are two",
                            "one absolute IRI is expected");
                }
                if (!text.equals(expansion.nodeIri(text))) {
                    throw place.refuse(
                            "compact-id", Excerpt.of(text) + " is a compact IRI", "write the id of an entity in full");
                }
                id = text;
                place.leave();
            }
        }
        if (id == null) {
            throw place.refuse("missing-id", "the entity has no id", null);
        }
        return id;
    }

    private EntityChange entity(String id, Map<String, Object> object, Operation operation, Expansion expansion)
            throws RecordRefused {
        List<String> types = List.of();
        List<String> scope = List.of();
        List<AttributeWrite> writes = new ArrayList<>(object.size());
        for (Map.Entry<String, Object> entry : object.entrySet()) {
            Meaning meaning = expansion.member(entry.getKey());
            place.enter(entry.getKey());
            switch (meaning.member()) {
                case ID, CONTEXT, CREATED_AT, MODIFIED_AT, EXPIRES_AT -> {}
                case TYPE -> types = AttributeReader.types(entry.getValue(), expansion, place);
                case SCOPE -> scope = scope(entry.getValue());
                case DELETED_AT -> {
                    if (!Plain.isNull(entry.getValue())) {
                        return new EntityChange.EntityDelete(id);
                    }
                }
                case ATTRIBUTE -> attribute(entry, meaning, writes);
                default ->
                    throw place.refuse(
                            "unexpected-member", "an entity cannot have " + Excerpt.of(entry.getKey()), null);
            }
            place.leave();
        }
        if (types.isEmpty() && operation == Operation.REPLACE) {
            throw place.refuse(
                    "missing-type", "the entity has no type", "send fragments with the operation upsert or merge");
        }
        refuseDuplicates(writes);
        return new EntityChange.Document(id, operation, types, scope, writes);
    }

    private void attribute(Map.Entry<String, Object> entry, Meaning meaning, List<AttributeWrite> writes)
            throws RecordRefused {
        if (meaning.iri() == null) {
            throw place.refuse("invalid-name", Excerpt.of(entry.getKey()) + " cannot be an IRI", null);
        }
        attributes.read(entry.getValue(), meaning, writes);
    }

    private List<String> scope(Object json) throws RecordRefused {
        List<String> scope = new ArrayList<>(1);
        if (!Plain.isNull(json)) {
            for (Object item : Plain.several(json)) {
                String text = Plain.text(item);
                if (text == null) {
                    throw place.refuse("invalid-value", Excerpt.of(item) + " is no scope", null);
                }
                scope.add(text);
            }
        }
        return List.copyOf(scope);
    }

    /** Several instances of one datasetId are a history, if each has its own time. */
    private void refuseDuplicates(List<AttributeWrite> writes) throws RecordRefused {
        Map<AttributeKey, AttributeWrite> first = new HashMap<>(writes.size() * 2);
        Set<Observation> observations = new HashSet<>();
        for (AttributeWrite write : writes) {
            AttributeWrite earlier = first.putIfAbsent(write.key(), write);
            if (earlier == null) {
                continue;
            }
            observations.add(new Observation(write.key(), earlier.eventTime()));
            boolean history = isObserved(earlier) && isObserved(write);
            if (!history || !observations.add(new Observation(write.key(), write.eventTime()))) {
                throw place.refuse(
                        "duplicate-instance",
                        "the attribute " + Excerpt.of(write.key().name()) + " has two instances of datasetId "
                                + Excerpt.of(write.key().datasetId()),
                        "give them different datasetIds, or each its own observedAt");
            }
        }
    }

    private static boolean isObserved(AttributeWrite write) {
        return write.attribute() == null
                ? write.timed()
                : write.attribute().metadata().observedAt() != null;
    }
}
