package org.flinkjobrunner.validator.shapes;

import org.flinkjobrunner.validator.term.Term;

/** Takes validation results. */
@FunctionalInterface
public interface ResultSink {
    /**
     * @param focusNode  the entity, or the node of an attribute or of a value inside it
     * @param shape      the source shape; the severity is its severity
     * @param constraint what is violated; {@link Shape#messagesFor} says it in words
     * @param path       the result path: nearly always that of the shape, so null for a node shape
     * @param value      the offending value node, ready to be shown (a JSON number has the declared datatype);
     *                   null for constraints of the focus node as a whole
     */
    void violation(Term focusNode, Shape shape, Constraint constraint, PropertyPath path, Term value);
}
