package org.flinkjobrunner.validator.term;

import java.util.Objects;

/** An absolute IRI. */
public final class Iri implements Term {
    private final String value;

    public Iri(String value) {
        this.value = Objects.requireNonNull(value);
    }

    public String value() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Iri iri && value.equals(iri.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "<" + value + ">";
    }
}
