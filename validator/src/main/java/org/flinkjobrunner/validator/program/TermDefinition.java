package org.flinkjobrunner.validator.program;

import java.util.Set;

/** What a JSON-LD context says of a term; {@code type} ({@code @id}, {@code @vocab} or a datatype) may be null. */
public record TermDefinition(String id, String type, Set<String> container) {}
