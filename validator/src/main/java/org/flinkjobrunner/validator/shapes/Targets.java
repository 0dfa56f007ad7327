package org.flinkjobrunner.validator.shapes;

import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.graph.EntityNodes;
import org.flinkjobrunner.validator.graph.EntityView;
import org.flinkjobrunner.validator.term.Term;

/** Which nodes of a data graph a shape is about: the union of what these say. */
public record Targets(List<String> classes, List<Term> nodes, List<String> subjectsOf, List<String> objectsOf) {
    public static final Targets NONE = ofClasses();

    public static Targets ofClasses(String... classes) {
        return new Targets(List.of(classes), List.of(), List.of(), List.of());
    }

    /** Whether the types of a node alone say if it is a focus node. */
    public boolean areClasses() {
        return nodes.isEmpty() && subjectsOf.isEmpty() && objectsOf.isEmpty();
    }

    /** The nodes of an entity that are focus nodes: itself, its attributes, and the nodes inside of their values. */
    public List<Term> in(EntityView view) {
        List<Term> foci = new ArrayList<>();
        if (classes.isEmpty() && subjectsOf.isEmpty()) {
            if (nodes.contains(view.entity().iri())) {
                foci.add(view.entity().iri());
            }
            return foci;
        }
        EntityNodes.forEach(view.entity(), node -> {
            if (include(node, view)) {
                foci.add(node);
            }
        });
        return foci;
    }

    private boolean include(Term node, EntityView view) {
        for (String predicate : subjectsOf) {
            if (!view.objects(node, predicate).isEmpty()) {
                return true;
            }
        }
        for (String target : classes) {
            if (view.isInstance(node, target)) {
                return true;
            }
        }
        return nodes.contains(node);
    }
}
