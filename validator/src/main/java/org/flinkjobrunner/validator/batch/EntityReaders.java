package org.flinkjobrunner.validator.batch;

import org.flinkjobrunner.validator.graph.DocumentNumbers;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.wire.ChangeDecoder;
import org.flinkjobrunner.validator.wire.ChangeDocuments;
import org.flinkjobrunner.validator.wire.EntityChange;
import org.flinkjobrunner.validator.wire.RecordRefused;

/** Makes the reader of NGSI-LD entities: the one that the stream has too. */
final class EntityReaders {
    private EntityReaders() {}

    static EntityReader of(Program program, Numbers numbers) {
        ChangeDecoder decoder = new ChangeDecoder(program.contexts());
        return json -> read(decoder, numbers, json);
    }

    private static EntityDocument read(ChangeDecoder decoder, Numbers numbers, byte[] json)
            throws EntityReader.Refused {
        EntityChange change;
        try {
            change = decoder.entity(json);
        } catch (RecordRefused e) {
            throw new EntityReader.Refused(e.code(), e.pointer(), e.getMessage(), e.hint());
        }
        if (change instanceof EntityChange.Document document) {
            return DocumentNumbers.apply(ChangeDocuments.of(document), numbers);
        }
        throw new EntityReader.Refused(
                "deleted-entity", "/deletedAt", "the entity <" + change.entityId() + "> is deleted", "leave it out");
    }
}
