package org.flinkjobrunner.validator.wire;

import java.util.List;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.term.Term;

/**
 * What an alert says, apart from its history (state, sequence, times of transitions).
 *
 * @param attributePath   empty when the focus node is the entity itself
 * @param focusNode       the entity's id, or a stable blank node label
 * @param resultPath      {@code <iri>}; null for a constraint of a node shape
 * @param sourceShape     the shape's label
 * @param component       the IRI of the constraint component
 * @param values          up to {@link #MOST_VALUES} offending values in canonical order; empty for components that judge no
 *                        single value
 * @param valueCount      how many there are
 * @param program         the digest of the program that judged
 */
public record Alert(
        String entity,
        List<String> entityTypes,
        List<AttributeKey> attributePath,
        String focusNode,
        String resultPath,
        String sourceShape,
        String component,
        String severity,
        List<Term> values,
        int valueCount,
        List<Message> messages,
        String program) {
    public static final int MOST_VALUES = 10;
}
