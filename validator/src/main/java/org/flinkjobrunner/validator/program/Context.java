package org.flinkjobrunner.validator.program;

import java.util.Map;

/** One resolved JSON-LD context, flat; {@code vocab} may be null. */
public record Context(String vocab, Map<String, TermDefinition> terms) {}
