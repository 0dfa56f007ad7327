package org.flinkjobrunner.validator.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.NamedBlankNode;
import org.flinkjobrunner.validator.term.Term;
import org.junit.jupiter.api.Test;

class TripleGraphTest {
    private static final Iri A = new Iri("urn:a");
    private static final Iri B = new Iri("urn:b");

    @Test
    void objectsAreASet() {
        TripleGraph graph = new TripleGraph.Builder()
                .add(A, "urn:p", B)
                .add(A, "urn:p", B)
                .add(A, "urn:p", Literal.string("x"))
                .add(A, "urn:q", A)
                .build();
        assertThat(graph.objects(A, "urn:p")).containsExactly(B, Literal.string("x"));
        assertThat(graph.objects(A, "urn:r")).isEmpty();
        assertThat(graph.objects(B, "urn:p")).isEmpty();
    }

    @Test
    void instancesOfSubclasses() {
        TripleGraph graph = new TripleGraph.Builder()
                .add(A, NgsiLd.RDF_TYPE, new Iri("urn:Low"))
                .add(B, NgsiLd.RDF_TYPE, new Iri("urn:High"))
                .add(new Iri("urn:Low"), NgsiLd.RDFS_SUB_CLASS_OF, new NamedBlankNode("_:middle"))
                .add(new NamedBlankNode("_:middle"), NgsiLd.RDFS_SUB_CLASS_OF, new Iri("urn:High"))
                .build();
        assertThat(graph.isInstance(A, "urn:High")).isTrue();
        assertThat(graph.isInstance(B, "urn:Low")).isFalse();
        assertThat(graph.instances("urn:High")).containsExactlyInAnyOrder(A, B);
        assertThat(graph.instances("urn:Low")).containsExactly(A);
        assertThat(graph.instances("urn:Other")).isEmpty();
    }

    @Test
    void cyclesOfClassesAreFine() {
        TripleGraph graph = new TripleGraph.Builder()
                .add(A, NgsiLd.RDF_TYPE, new Iri("urn:X"))
                .subClass("urn:X", Set.of("urn:Y"))
                .subClass("urn:Y", Set.of("urn:Z"))
                .subClass("urn:Z", Set.of("urn:X"))
                .build();
        for (String type : List.of("urn:X", "urn:Y", "urn:Z")) {
            assertThat(graph.isInstance(A, type)).isTrue();
            assertThat(graph.instances(type)).containsExactly(A);
        }
    }

    @Test
    void blankNodesWithOneLabelAreOneNode() {
        TripleGraph graph = new TripleGraph.Builder()
                .add(TripleGraph.subject("_:x"), "urn:p", A)
                .add(TripleGraph.subject("urn:a"), "urn:p", new NamedBlankNode("_:x"))
                .build();
        Term x = graph.objects(A, "urn:p").get(0);
        assertThat(graph.objects(x, "urn:p")).containsExactly(A);
    }

    @Test
    void entitiesAndTriplesAreOneGraph() {
        Attribute sub = new Attribute("urn:a", "urn:s", "@none", Kind.PROPERTY, List.of(), Metadata.NONE);
        StructuredNode node = new StructuredNode(Map.of(NgsiLd.RDF_TYPE, List.of(new Iri("urn:Shape"))));
        Attribute attribute = new Attribute("urn:a", "urn:p", "@none", Kind.GEO, List.of(node), Metadata.NONE, sub);
        EntityDocument entity =
                new EntityDocument("urn:a", new String[] {"urn:Low"}, new Attribute[] {attribute}, List.of());
        TripleGraph triples = new TripleGraph.Builder()
                .add(A, "urn:p", B)
                .add(A, NgsiLd.RDF_TYPE, new Iri("urn:Plain"))
                .add(B, NgsiLd.RDF_TYPE, new Iri("urn:High"))
                .subClass("urn:Low", Set.of("urn:High"))
                .build();
        MergedGraph graph = new MergedGraph(Map.of("urn:a", entity), triples);
        assertThat(graph.objects(A, "urn:p")).containsExactly(attribute, B);
        assertThat(graph.isInstance(A, "urn:High")).isTrue();
        assertThat(graph.isInstance(A, "urn:Plain")).isTrue();
        assertThat(graph.instances("urn:High")).containsExactlyInAnyOrder(A, B);
        assertThat(graph.instances(NgsiLd.NS + "GeoProperty")).containsExactly(attribute);
        assertThat(graph.instances(NgsiLd.NS + "Property")).containsExactly(sub);
        assertThat(graph.instances("urn:Shape")).containsExactly(node);
        assertThat(graph.isInstance(Literal.string("urn:a"), "urn:High")).isFalse();
        assertThat(graph.entityIds()).containsExactly("urn:a");
    }
}
