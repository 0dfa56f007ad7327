package org.flinkjobrunner.validator.stream.entity;

import org.flinkjobrunner.validator.wire.InputRecord;
import org.flinkjobrunner.validator.wire.InputTopic;
import org.flinkjobrunner.validator.wire.Operation;

/** How long a raise waits for its clear, in milliseconds: where entities arrive in pieces, each piece may mend the last. */
final class Settle {
    static final int IN_PIECES = 500;
    static final int AT_ONCE = 0;

    private Settle() {}

    static int of(InputRecord record) {
        boolean inPieces = record.topic() != InputTopic.NGSI_LD || record.operation() == Operation.MERGE;
        return inPieces ? IN_PIECES : AT_ONCE;
    }
}
