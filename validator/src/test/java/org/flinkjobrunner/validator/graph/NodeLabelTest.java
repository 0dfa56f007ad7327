package org.flinkjobrunner.validator.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;
import org.junit.jupiter.api.Test;

class NodeLabelTest {
    @Test
    void hasThirtyTwoHexDigits() {
        assertThat(attribute("urn:e", "a", "@none").label()).matches("_:[0-9a-f]{32}");
    }

    @Test
    void dependsOnThePlaceOnly() {
        Attribute one =
                new Attribute("urn:e", "a", "@none", Kind.PROPERTY, List.of(Literal.string("1")), Metadata.NONE);
        Attribute two = new Attribute(
                "urn:e",
                "a",
                "@none",
                Kind.RELATIONSHIP,
                List.of(Literal.string("2")),
                Metadata.observedAt("t"),
                attribute("urn:e", "b", "@none"));
        assertThat(one.label()).isEqualTo(two.label());
    }

    @Test
    void tellsPlacesApart() {
        Attribute sub = attribute("urn:e", "b", "@none");
        new Attribute("urn:e", "a", "@none", Kind.PROPERTY, List.of(), Metadata.NONE, sub);
        assertThat(List.of(
                        attribute("urn:e", "a", "@none").label(),
                        attribute("urn:f", "a", "@none").label(),
                        attribute("urn:e", "b", "@none").label(),
                        attribute("urn:e", "a", "urn:d").label(),
                        attribute("urn:e", "a@", "none").label(),
                        sub.label()))
                .doesNotHaveDuplicates();
    }

    @Test
    void nodesInsideAValueAreKnownByTheirPosition() {
        StructuredNode inner = new StructuredNode(Map.of());
        StructuredNode first = new StructuredNode(Map.of("p", List.of(inner)));
        StructuredNode second = new StructuredNode(Map.of());
        StructuredNode cell = (StructuredNode) StructuredNode.list(List.of(Literal.string("a"), Literal.string("a")));
        StructuredNode next =
                (StructuredNode) cell.properties().get(NgsiLd.RDF_REST).get(0);
        List<Term> values = List.of(first, second, cell);
        Attribute attribute = new Attribute("urn:e", "a", "@none", Kind.PROPERTY, values, Metadata.NONE);
        assertThat(List.of(attribute.label(), inner.label(), first.label(), second.label(), cell.label(), next.label()))
                .doesNotHaveDuplicates();
        assertThat(next.attribute()).isSameAs(attribute);
        StructuredNode again = new StructuredNode(Map.of("p", List.of(new StructuredNode(Map.of()))));
        new Attribute("urn:e", "a", "@none", Kind.PROPERTY, List.of(again), Metadata.NONE);
        assertThat(again.label()).isEqualTo(first.label());
    }

    @Test
    void aLongListIsNoDeepRecursion() {
        Term list = StructuredNode.list(Collections.nCopies(200_000, Literal.string("x")));
        Attribute attribute = new Attribute("urn:e", "a", "@none", Kind.LIST, List.of(list), Metadata.NONE);
        assertThat(((StructuredNode) list).attribute()).isSameAs(attribute);
        assertThat(((StructuredNode) list).label()).startsWith("_:");
    }

    private static Attribute attribute(String entity, String name, String datasetId) {
        return new Attribute(entity, name, datasetId, Kind.PROPERTY, List.of(), Metadata.NONE);
    }
}
