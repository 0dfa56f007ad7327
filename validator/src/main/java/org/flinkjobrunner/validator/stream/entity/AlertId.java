package org.flinkjobrunner.validator.stream.entity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.PredicatePath;
import org.flinkjobrunner.validator.shapes.PropertyPath;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.TermJson;

/**
 * Who an alert is: a hash of what is violated where. Values are no part of it, so that one that drifts while it is out of
 * range is one alert; nor is any number that depends on the order of shapes.
 */
final class AlertId {
    private static final int HEX_DIGITS = 32;

    private AlertId() {}

    static String of(
            String deployment, String entity, Term focusNode, Shape shape, Constraint constraint, PropertyPath path) {
        StringBuilder parts = new StringBuilder(512);
        append(parts, deployment);
        append(parts, entity);
        append(parts, TermJson.nodeText(focusNode));
        Attribute attribute = Finding.attribute(focusNode);
        if (attribute != null) {
            for (AttributeKey key : attribute.path()) {
                append(parts, key.name());
                append(parts, key.datasetId());
            }
        }
        parts.append('/');
        append(parts, shape.label());
        append(parts, text(path));
        append(parts, constraint.component());
        append(parts, constraint.parameterKey());
        byte[] hash = sha256().digest(parts.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, HEX_DIGITS / 2);
    }

    /** A predicate without its brackets, as it was before there were longer paths. */
    private static String text(PropertyPath path) {
        return path instanceof PredicatePath simple ? simple.predicate() : path == null ? null : path.text();
    }

    /** The length keeps ("ab", "c") and ("a", "bc") apart. */
    private static void append(StringBuilder parts, String part) {
        if (part == null) {
            parts.append('-');
        } else {
            parts.append(part.length()).append(':').append(part);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
