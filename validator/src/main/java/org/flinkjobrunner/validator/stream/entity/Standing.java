package org.flinkjobrunner.validator.stream.entity;

/**
 * An alert that stands because of one unit. Another unit may hold the same alert.
 *
 * @param fingerprint of what makes an alert worth telling again: severity and messages
 */
record Standing(String unitKey, String alertId, long fingerprint) implements Comparable<Standing> {
    static final Standing[] NONE = {};

    @Override
    public int compareTo(Standing other) {
        int order = unitKey.compareTo(other.unitKey);
        return order != 0 ? order : alertId.compareTo(other.alertId);
    }
}
