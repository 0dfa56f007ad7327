"""RDF: reading it within limits, terms, graphs, and what follows from subclasses."""
