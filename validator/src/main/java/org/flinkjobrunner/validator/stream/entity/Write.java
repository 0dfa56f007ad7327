package org.flinkjobrunner.validator.stream.entity;

import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.wire.RecordOrder;

/**
 * A value that an attribute instance got, or, where {@code attribute} is null, its deletion at a time. Event order is event
 * time (nanoseconds), then record order.
 */
record Write(long eventTime, RecordOrder order, Attribute attribute) {
    /** In event order; a write is not later than itself. */
    boolean isLaterThan(Write other) {
        return eventTime != other.eventTime ? eventTime > other.eventTime : order.compareTo(other.order) > 0;
    }
}
