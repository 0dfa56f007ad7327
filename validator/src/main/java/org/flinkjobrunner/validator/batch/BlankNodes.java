package org.flinkjobrunner.validator.batch;

import java.util.HashMap;
import java.util.Map;
import org.flinkjobrunner.validator.term.NamedBlankNode;

/** The blank nodes of one file: numbered as they appear, and apart from those of every other file. */
final class BlankNodes {
    private final String prefix;
    private final Map<Object, NamedBlankNode> nodes = new HashMap<>();

    BlankNodes(int fileNumber) {
        this.prefix = "_:f" + fileNumber + "b";
    }

    /** @param identity what the parser knows the node by */
    NamedBlankNode of(Object identity) {
        return nodes.computeIfAbsent(identity, i -> new NamedBlankNode(prefix + nodes.size()));
    }
}
