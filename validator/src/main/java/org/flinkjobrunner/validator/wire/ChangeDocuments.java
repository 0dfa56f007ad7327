package org.flinkjobrunner.validator.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.wire.EntityChange.AttributeWrite;

/** Makes entities of documents that are all that is known of them. */
public final class ChangeDocuments {
    private ChangeDocuments() {}

    /** Of several writes of one instance the latest counts; when that is a deletion, there is no instance. */
    public static EntityDocument of(EntityChange.Document document) {
        Map<AttributeKey, AttributeWrite> latest = new HashMap<>();
        for (AttributeWrite write : document.attributes()) {
            latest.merge(write.key(), write, (one, next) -> next.eventTime() >= one.eventTime() ? next : one);
        }
        List<Attribute> attributes = new ArrayList<>(latest.size());
        for (AttributeWrite write : latest.values()) {
            if (write.attribute() != null) {
                attributes.add(write.attribute());
            }
        }
        return new EntityDocument(
                document.entityId(),
                document.types().toArray(String[]::new),
                attributes.toArray(Attribute.NONE),
                document.scope());
    }
}
