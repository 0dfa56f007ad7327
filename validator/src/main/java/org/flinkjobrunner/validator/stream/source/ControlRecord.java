package org.flinkjobrunner.validator.stream.source;

/**
 * What ProgramAssembler keeps: a part of a program, or, without a digest, the last epoch and the activation that waits
 * for parts (or null).
 */
public record ControlRecord(String digest, long number, byte[] value) {}
