package org.flinkjobrunner.validator.graph;

import java.util.List;
import java.util.Objects;
import org.flinkjobrunner.validator.term.Term;

/** One entity and the knowledge as a data graph. */
public final class EntityView implements GraphView {
    private final EntityDocument entity;
    private final Knowledge knowledge;

    public EntityView(EntityDocument entity, Knowledge knowledge) {
        this.entity = Objects.requireNonNull(entity);
        this.knowledge = Objects.requireNonNull(knowledge);
    }

    public EntityDocument entity() {
        return entity;
    }

    @Override
    public List<Term> objects(Term subject, String predicate) {
        return knowledge.objects(subject, predicate);
    }

    @Override
    public boolean isInstance(Term node, String classIri) {
        return knowledge.isInstance(node, classIri);
    }
}
