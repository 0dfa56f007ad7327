package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.stream.entity.Histories.Event;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;
import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;
import org.flinkjobrunner.validator.wire.Operation;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** Keeps everything that ever arrived, and decides what counts when it is asked. */
final class NaiveEntity {
    private static final Comparator<Written> EVENT_ORDER =
            Comparator.comparingLong(Written::eventTime).thenComparing(Written::order);

    private final List<Event> events = new ArrayList<>();

    void add(Event event) {
        events.add(event);
    }

    /** As {@link #text(EntityDocument)} writes a document. */
    String text() {
        RecordOrder floor = null;
        for (Event event : events) {
            boolean whole = event.change() instanceof EntityChange.EntityDelete
                    || event.change() instanceof EntityChange.Document document
                            && document.operation() == Operation.REPLACE;
            floor = whole ? newer(floor, event.order()) : floor;
        }
        List<Event> alive = new ArrayList<>();
        for (Event event : events) {
            if (floor == null || event.order().compareTo(floor) >= 0) {
                alive.add(event);
            }
        }
        alive.sort(Comparator.comparing(Event::order));
        return types(alive) + scope(alive) + attributes(alive);
    }

    private static RecordOrder newer(RecordOrder one, RecordOrder other) {
        return one == null || other.compareTo(one) > 0 ? other : one;
    }

    private static String types(List<Event> alive) {
        List<String> types = List.of();
        for (Event event : alive) {
            if (event.change() instanceof EntityChange.EntityType typed) {
                types = List.of(typed.type());
            } else if (event.change() instanceof EntityChange.Document document
                    && !document.types().isEmpty()) {
                types = document.types().stream().sorted().toList();
            }
        }
        return types.toString();
    }

    private static String scope(List<Event> alive) {
        List<String> scope = List.of();
        for (Event event : alive) {
            if (event.change() instanceof EntityChange.Document document
                    && !document.scope().isEmpty()) {
                scope = document.scope();
            }
        }
        return scope.toString();
    }

    private record Written(long eventTime, RecordOrder order, Attribute attribute) {}

    private record Node(String parentId, AttributeKey key) {}

    private static String attributes(List<Event> alive) {
        Map<Node, List<Written>> writes = new HashMap<>();
        Map<Node, RecordOrder> floors = new HashMap<>();
        Map<String, Node> ids = new HashMap<>();
        for (Event event : alive) {
            if (event.change() instanceof EntityChange.Document document) {
                for (AttributeWrite write : document.attributes()) {
                    add(new Node(null, write.key()), write, event.order(), writes, floors);
                }
            } else if (event.change() instanceof FlatAttribute flat
                    && !flat.write().key().name().isEmpty()) {
                Node node = new Node(flat.parentId(), flat.write().key());
                ids.put(flat.id(), node);
                add(node, flat.write(), event.order(), writes, floors);
            }
        }
        for (Event event : alive) {
            if (event.change() instanceof FlatAttribute flat
                    && flat.write().key().name().isEmpty()
                    && ids.containsKey(flat.id())) {
                add(ids.get(flat.id()), flat.write(), event.order(), writes, floors);
            }
        }
        Map<Node, Attribute> shown = new HashMap<>();
        writes.forEach((node, all) -> {
            RecordOrder floor = null; // its own, and those of its parents
            for (Node at = node; at != null; at = at.parentId() == null ? null : ids.get(at.parentId())) {
                floor = floors.containsKey(at) ? newer(floor, floors.get(at)) : floor;
            }
            RecordOrder highest = floor;
            all.removeIf(write -> highest != null && write.order().compareTo(highest) < 0);
            Attribute value =
                    all.isEmpty() ? null : all.stream().max(EVENT_ORDER).get().attribute();
            if (value != null) {
                shown.put(node, value);
            }
        });
        return below(null, null, shown, ids);
    }

    private static void add(
            Node node,
            AttributeWrite write,
            RecordOrder order,
            Map<Node, List<Written>> writes,
            Map<Node, RecordOrder> floors) {
        if (write.attribute() == null && !write.timed()) {
            floors.merge(node, order, NaiveEntity::newer);
        } else {
            writes.computeIfAbsent(node, n -> new ArrayList<>())
                    .add(new Written(write.eventTime(), order, write.attribute()));
        }
    }

    private static String below(String parentId, Attribute parent, Map<Node, Attribute> shown, Map<String, Node> ids) {
        Map<String, String> texts = new TreeMap<>();
        if (parent != null) {
            for (Attribute inside : parent.subAttributes()) {
                texts.put(inside.name() + inside.datasetId(), text(inside));
            }
        }
        shown.forEach((node, value) -> {
            boolean here = parentId == null ? node.parentId() == null : parentId.equals(node.parentId());
            if (here && (parentId == null || ids.containsKey(parentId))) {
                String id = ids.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(node))
                        .map(Map.Entry::getKey)
                        .findAny()
                        .orElse("nobody knows");
                String name = value.name() + value.datasetId();
                texts.put(name, name + value.values() + below(id, value, shown, ids));
            }
        });
        return texts.values().toString();
    }

    static String text(EntityDocument document) {
        Map<String, String> texts = new TreeMap<>();
        for (Attribute attribute : document.attributes()) {
            texts.put(attribute.name() + attribute.datasetId(), text(attribute));
        }
        return Arrays.toString(document.types()) + document.scope() + texts.values();
    }

    private static String text(Attribute attribute) {
        List<String> subs = new ArrayList<>();
        for (Attribute sub : attribute.subAttributes()) {
            if (sub.parent() == null
                    || !sub.path().get(0).equals(attribute.path().get(0))) {
                throw new AssertionError(sub + " has lost its parent");
            }
            subs.add(text(sub));
        }
        return attribute.name() + attribute.datasetId() + attribute.values() + subs;
    }
}
