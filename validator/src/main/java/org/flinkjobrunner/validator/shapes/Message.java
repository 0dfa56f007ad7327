package org.flinkjobrunner.validator.shapes;

/** One message of a shape; the language may be null. */
public record Message(String value, String language) {}
