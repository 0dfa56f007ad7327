package org.flinkjobrunner.validator.term;

/** A blank node: equal to itself only, shown by a label that is stable between runs. */
public non-sealed interface BlankNode extends Term {
    /** With the leading {@code _:}. */
    String label();
}
