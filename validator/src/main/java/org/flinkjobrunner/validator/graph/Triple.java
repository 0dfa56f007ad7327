package org.flinkjobrunner.validator.graph;

import org.flinkjobrunner.validator.term.Term;

/** An RDF triple. */
public record Triple(Term subject, String predicate, Term object) {}
