package org.flinkjobrunner.validator.term;

import java.util.Objects;

/** A blank node of a file or of the knowledge, which is known by its label only; equal labels are equal nodes. */
public final class NamedBlankNode implements BlankNode {
    private final String label;

    /** @param label with the leading {@code _:} */
    public NamedBlankNode(String label) {
        this.label = Objects.requireNonNull(label);
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof NamedBlankNode node && label.equals(node.label);
    }

    @Override
    public int hashCode() {
        return label.hashCode();
    }

    @Override
    public String toString() {
        return label;
    }
}
