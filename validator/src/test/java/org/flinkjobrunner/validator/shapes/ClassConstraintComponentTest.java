package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.NamedBlankNode;
import org.junit.jupiter.api.Test;

class ClassConstraintComponentTest {
    private final Constraint constraint = new ClassConstraintComponent("urn:High");

    @Test
    void instancesOfSubclassesInTheDataGraph() {
        Iri low = new Iri("urn:low");
        Iri high = new Iri("urn:high");
        Iri other = new Iri("urn:other");
        Literal literal = Literal.string("urn:low");
        NamedBlankNode node = new NamedBlankNode("_:x");
        TripleGraph graph = new TripleGraph.Builder()
                .add(Results.FOCUS, Results.PATH, low)
                .add(Results.FOCUS, Results.PATH, high)
                .add(Results.FOCUS, Results.PATH, node)
                .add(Results.FOCUS, Results.PATH, other)
                .add(Results.FOCUS, Results.PATH, literal)
                .add(low, NgsiLd.RDF_TYPE, new Iri("urn:Low"))
                .add(high, NgsiLd.RDF_TYPE, new Iri("urn:High"))
                .add(node, NgsiLd.RDF_TYPE, new Iri("urn:Low"))
                .add(other, NgsiLd.RDF_TYPE, new Iri("urn:Other"))
                .add(new Iri("urn:Low"), NgsiLd.RDFS_SUB_CLASS_OF, new Iri("urn:High"))
                .build();
        assertThat(Results.of(Results.property(constraint), graph))
                .containsExactly(
                        new Results.Reported(Results.FOCUS, "Class", other),
                        new Results.Reported(Results.FOCUS, "Class", literal));
    }

    @Test
    void repeatedClassesAreToldApart() {
        assertThat(constraint.parameterKey()).isEqualTo("urn:High");
        assertThat(constraint.componentIri()).isEqualTo("http://www.w3.org/ns/shacl#ClassConstraintComponent");
    }
}
