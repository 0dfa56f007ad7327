package org.flinkjobrunner.validator.wire;

import org.flinkjobrunner.validator.program.Contexts;

/**
 * Makes changes of records. It keeps names and contexts that come again, so that each thread (each instance of an
 * operator) needs its own. Whatever the record holds, it ends in a change or in {@link RecordRefused}.
 */
public final class ChangeDecoder {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final DocumentDecoder documents;
    private final FlatDecoder flat;

    public ChangeDecoder(Contexts contexts) {
        Place place = new Place();
        ValueReader values = new ValueReader(place);
        Instants instants = new Instants();
        Expansions expansions = new Expansions(contexts);
        documents = new DocumentDecoder(expansions, place, values, instants);
        flat = new FlatDecoder(expansions.standard(), values, place, instants);
    }

    public EntityChange decode(InputRecord record) throws RecordRefused {
        return switch (record.topic()) {
            case IFF_ENTITIES -> flat.entity(record);
            case IFF_ATTRIBUTES -> flat.attribute(record);
            case NGSI_LD -> document(record);
        };
    }

    private EntityChange document(InputRecord record) throws RecordRefused {
        if (record.value() == null) {
            return new EntityChange.EntityDelete(record.entityId());
        }
        if (!Instants.isMillis(record.timestamp())) {
            throw new RecordRefused("invalid-time", null, "the record has no usable timestamp", null);
        }
        Operation operation = record.operation() == null ? Operation.REPLACE : record.operation();
        Object json = Json.read(record.value(), 0, record.value().length);
        EntityChange change = documents.decode(json, operation, record.timestamp() * NANOS_PER_MILLI);
        if (!change.entityId().equals(record.entityId())) {
            String message = Excerpt.of(change.entityId()) + " is not the entity " + Excerpt.of(record.entityId());
            throw new RecordRefused("id-mismatch", "/id", message, null);
        }
        return change;
    }

    /** One document that is a whole entity, apart from any record: a line of a file. */
    public EntityChange entity(byte[] json) throws RecordRefused {
        return documents.decode(Json.read(json, 0, json.length), Operation.REPLACE, 0);
    }
}
