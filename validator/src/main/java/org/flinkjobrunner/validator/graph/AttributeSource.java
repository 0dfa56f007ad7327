package org.flinkjobrunner.validator.graph;

/** Attributes that are made when they are asked for, sorted by name and datasetId. */
public interface AttributeSource {
    int size();

    String name(int place);

    Attribute attribute(int place);
}
