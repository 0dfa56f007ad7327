package org.flinkjobrunner.validator.graph;

/** One step of an attribute's path: {@code datasetId} is {@code @none} for the default instance. */
public record AttributeKey(String name, String datasetId) {}
