package org.flinkjobrunner.validator.term;

/** An RDF term. Blank nodes are what the graphs make of them, so that an attribute can be its own node. */
public sealed interface Term permits Iri, Literal, BlankNode {}
