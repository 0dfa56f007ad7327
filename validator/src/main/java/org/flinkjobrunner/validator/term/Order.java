package org.flinkjobrunner.validator.term;

/** How two literals compare: some pairs have no order, and then every range is violated. */
public enum Order {
    LESS,
    EQUAL,
    GREATER,
    INCOMPARABLE;

    static Order of(int comparison) {
        return comparison < 0 ? LESS : comparison > 0 ? GREATER : EQUAL;
    }
}
