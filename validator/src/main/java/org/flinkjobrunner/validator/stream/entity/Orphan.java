package org.flinkjobrunner.validator.stream.entity;

import org.flinkjobrunner.validator.wire.EntityChange.FlatAttribute;
import org.flinkjobrunner.validator.wire.RecordOrder;

/** A sub-attribute that waits for the attribute it belongs to. */
record Orphan(FlatAttribute change, RecordOrder order) {
    static final Orphan[] NONE = {};
}
