package org.flinkjobrunner.validator.stream;

import java.io.Serializable;

/**
 * A program that the control plane made the active one.
 *
 * @param epoch      counts the activations of the deployment
 * @param digest     {@code sha256:} and 64 hex digits
 * @param compressed the program's bytes, gzip
 */
public record Activation(long epoch, String digest, byte[] compressed) implements Serializable {}
