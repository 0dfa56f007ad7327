package org.flinkjobrunner.validator.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntityViewTest {
    private static final String ID = "urn:x:cutter:1";
    private static final Iri ENTITY = new Iri(ID);
    private static final Term VALUE = Literal.string("v");

    @Test
    void typesOfTheEntity() {
        EntityView view = view(Knowledge.empty());
        assertThat(view.objects(ENTITY, NgsiLd.RDF_TYPE)).containsExactly(new Iri("https://x/Cutter"));
        assertThat(view.isInstance(ENTITY, "https://x/Cutter")).isTrue();
        assertThat(view.isInstance(ENTITY, "https://x/Machine")).isFalse();
        assertThat(view.objects(ENTITY, NgsiLd.SCOPE)).containsExactly(Literal.string("/plant"));
    }

    @ParameterizedTest
    @EnumSource
    void eachKindHasItsPredicateAndItsClass(Kind kind) {
        Attribute attribute = attribute("https://x/a", NgsiLd.NO_DATASET, kind, VALUE);
        EntityView view = view(Knowledge.empty(), attribute);
        assertThat(view.objects(ENTITY, "https://x/a")).containsExactly(attribute);
        assertThat(view.objects(attribute, kind.predicate())).containsExactly(VALUE);
        assertThat(view.objects(attribute, NgsiLd.RDF_TYPE)).containsExactly(new Iri(NgsiLd.NS + kind.type()));
        assertThat(view.isInstance(attribute, NgsiLd.NS + kind.type())).isTrue();
        for (Kind other : Kind.values()) {
            if (!other.predicate().equals(kind.predicate())) {
                assertThat(view.objects(attribute, other.predicate())).isEmpty();
            }
        }
    }

    @Test
    void predicatesOfValues() {
        assertThat(Kind.PROPERTY.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasValue");
        assertThat(Kind.RELATIONSHIP.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasObject");
        assertThat(Kind.GEO.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasValue");
        assertThat(Kind.LANGUAGE.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasLanguageMap");
        assertThat(Kind.VOCAB.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasVocab");
        assertThat(Kind.JSON.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasJSON");
        assertThat(Kind.LIST.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasValueList");
        assertThat(Kind.LIST_RELATIONSHIP.predicate()).isEqualTo("https://uri.etsi.org/ngsi-ld/hasObjectList");
    }

    @Test
    void severalInstancesAreSeveralNodes() {
        Attribute other = attribute("https://x/b", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE);
        Attribute second = attribute("https://x/a", "urn:d:2", Kind.PROPERTY, VALUE);
        Attribute first = attribute("https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE);
        EntityView view = view(Knowledge.empty(), other, second, first);
        assertThat(view.objects(ENTITY, "https://x/a")).containsExactly(first, second);
        assertThat(view.objects(ENTITY, "https://x/b")).containsExactly(other);
        assertThat(view.objects(ENTITY, "https://x/c")).isEmpty();
        assertThat(view.objects(first, NgsiLd.DATASET_ID)).isEmpty();
        assertThat(view.objects(second, NgsiLd.DATASET_ID)).containsExactly(new Iri("urn:d:2"));
    }

    @Test
    void everyTripleIsFoundFromItsObjectToo() {
        StructuredNode inside = new StructuredNode(Map.of("https://x/key", List.of(VALUE)));
        Attribute sub = attribute("https://x/s", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE);
        Attribute attribute =
                new Attribute(ID, "https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, List.of(inside), Metadata.NONE, sub);
        EntityView view = view(Knowledge.empty(), attribute);
        MergedGraph merged = new MergedGraph(Map.of(ID, view.entity()), new TripleGraph.Builder().build());
        List<Term> nodes = new ArrayList<>();
        EntityNodes.forEach(view.entity(), nodes::add);
        assertThat(nodes).containsExactlyInAnyOrder(ENTITY, attribute, sub, inside);
        for (Term node : nodes) {
            assertThat(view.predicates(node)).isNotEmpty().hasSameElementsAs(merged.predicates(node));
            for (String predicate : view.predicates(node)) {
                assertThat(merged.subjectsOf(predicate)).contains(node);
                for (Term object : view.objects(node, predicate)) {
                    assertThat(view.subjects(predicate, object)).contains(node);
                    assertThat(merged.subjects(predicate, object)).contains(node);
                    assertThat(merged.objectsOf(predicate)).contains(object);
                }
            }
        }
        assertThat(view.subjects(NgsiLd.HAS_VALUE, VALUE)).containsExactly(sub);
        assertThat(view.subjects("https://x/a", VALUE)).isEmpty();
    }

    @Test
    void predicatesOfKnowledgeMergeWithThoseOfTheEntity() {
        Knowledge knowledge = new Knowledge(Map.of(), List.of(new Triple(ENTITY, "https://x/known", VALUE)));
        EntityView view = view(knowledge, attribute("https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE));
        assertThat(view.predicates(ENTITY))
                .containsExactlyInAnyOrder(NgsiLd.RDF_TYPE, NgsiLd.SCOPE, "https://x/a", "https://x/known");
        assertThat(view.subjects("https://x/known", VALUE)).containsExactly(ENTITY);
        assertThat(view.predicates(new Iri("https://x/nobody"))).isEmpty();
    }

    @Test
    void metadataOfAnAttribute() {
        Metadata metadata = new Metadata(
                "2024-01-01T00:00:00Z", "c", "m", "d", "e", "CEL", List.of("https://x/Filter", "https://x/Filter"));
        Attribute attribute =
                new Attribute(ID, "https://x/a", NgsiLd.NO_DATASET, Kind.RELATIONSHIP, List.of(VALUE), metadata);
        EntityView view = view(Knowledge.empty(), attribute);
        String dateTime = "https://uri.etsi.org/ngsi-ld/DateTime";
        assertThat(view.objects(attribute, NgsiLd.NS + "observedAt"))
                .containsExactly(Literal.of("2024-01-01T00:00:00Z", dateTime));
        assertThat(view.objects(attribute, NgsiLd.NS + "createdAt")).containsExactly(Literal.of("c", dateTime));
        assertThat(view.objects(attribute, NgsiLd.NS + "modifiedAt")).containsExactly(Literal.of("m", dateTime));
        assertThat(view.objects(attribute, NgsiLd.NS + "deletedAt")).containsExactly(Literal.of("d", dateTime));
        assertThat(view.objects(attribute, NgsiLd.NS + "expiresAt")).containsExactly(Literal.of("e", dateTime));
        assertThat(view.objects(attribute, NgsiLd.NS + "unitCode")).containsExactly(Literal.string("CEL"));
        assertThat(view.objects(attribute, NgsiLd.NS + "hasObjectType")).containsExactly(new Iri("https://x/Filter"));
    }

    @Test
    void absentMetadataHasNoTriples() {
        Attribute attribute = attribute("https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE);
        EntityView view = view(Knowledge.empty(), attribute);
        for (String name : List.of("observedAt", "createdAt", "unitCode", "datasetId", "hasObjectType")) {
            assertThat(view.objects(attribute, NgsiLd.NS + name)).isEmpty();
        }
    }

    @Test
    void subAttributesNestToAnyDepth() {
        Attribute innermost = attribute("https://x/c", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE);
        Attribute inner =
                new Attribute(ID, "https://x/b", "urn:d:1", Kind.PROPERTY, List.of(VALUE), Metadata.NONE, innermost);
        Attribute outer = new Attribute(
                ID, "https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, List.of(VALUE), Metadata.NONE, inner);
        EntityView view = view(Knowledge.empty(), outer);
        assertThat(view.objects(outer, "https://x/b")).containsExactly(inner);
        assertThat(view.objects(inner, "https://x/c")).containsExactly(innermost);
        assertThat(innermost.path())
                .containsExactly(
                        new AttributeKey("https://x/a", "@none"),
                        new AttributeKey("https://x/b", "urn:d:1"),
                        new AttributeKey("https://x/c", "@none"));
    }

    @Test
    void valuesAreASet() {
        Attribute attribute =
                attribute("https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE, VALUE, Literal.string("w"));
        assertThat(attribute.values()).containsExactly(VALUE, Literal.string("w"));
    }

    @Test
    void listsKeepOrderAndDuplicates() {
        Attribute attribute = attribute(
                "https://x/a",
                NgsiLd.NO_DATASET,
                Kind.LIST,
                StructuredNode.list(List.of(VALUE, Literal.string("w"), VALUE)));
        EntityView view = view(Knowledge.empty(), attribute);
        List<Term> items = new ArrayList<>();
        Term cell = view.objects(attribute, NgsiLd.HAS_VALUE_LIST).get(0);
        while (!cell.equals(new Iri(NgsiLd.RDF_NIL))) {
            items.addAll(view.objects(cell, NgsiLd.RDF_FIRST));
            cell = view.objects(cell, NgsiLd.RDF_REST).get(0);
        }
        assertThat(items).containsExactly(VALUE, Literal.string("w"), VALUE);
        assertThat(StructuredNode.list(List.of())).isEqualTo(new Iri(NgsiLd.RDF_NIL));
    }

    @Test
    void structuredValues() {
        StructuredNode point = new StructuredNode(Map.of(
                NgsiLd.RDF_TYPE,
                List.of(new Iri("https://purl.org/geojson/vocab#Point")),
                "https://x/p",
                List.of(VALUE)));
        Attribute attribute = attribute("https://x/location", NgsiLd.NO_DATASET, Kind.GEO, point);
        EntityView view = view(Knowledge.empty(), attribute);
        assertThat(view.isInstance(point, "https://purl.org/geojson/vocab#Point"))
                .isTrue();
        assertThat(view.objects(point, "https://x/p")).containsExactly(VALUE);
        assertThat(view.objects(point, "https://x/q")).isEmpty();
        assertThat(point.attribute()).isSameAs(attribute);
    }

    @Test
    void knowledgeAndEntityMergeWhereTheyShareAnIri() {
        Attribute attribute = attribute("https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE);
        Knowledge knowledge = new Knowledge(
                Map.of("https://x/Cutter", Set.of("https://x/Cutter", "https://x/Machine")),
                List.of(
                        new Triple(ENTITY, "https://x/a", VALUE),
                        new Triple(ENTITY, NgsiLd.RDF_TYPE, new Iri("https://x/Known")),
                        new Triple(new Iri("https://x/ON"), NgsiLd.RDF_TYPE, new Iri("https://x/State"))));
        EntityView view = view(knowledge, attribute);
        assertThat(view.objects(ENTITY, "https://x/a")).containsExactly(attribute, VALUE);
        assertThat(view.isInstance(ENTITY, "https://x/Machine")).isTrue();
        assertThat(view.isInstance(ENTITY, "https://x/Known")).isTrue();
        assertThat(view.isInstance(new Iri("https://x/ON"), "https://x/State")).isTrue();
        assertThat(view.isInstance(new Iri("https://x/ON"), "https://x/Machine"))
                .isFalse();
        assertThat(view.isInstance(Literal.of("1", Xsd.INTEGER), "https://x/State"))
                .isFalse();
    }

    @Test
    void otherEntitiesAreNotKnown() {
        EntityView view = view(Knowledge.empty());
        assertThat(view.objects(new Iri("urn:x:filter:1"), NgsiLd.RDF_TYPE)).isEmpty();
        assertThat(view.isInstance(new Iri("urn:x:filter:1"), "https://x/Cutter"))
                .isFalse();
    }

    @Test
    void theSameQuestionAllocatesNothing() {
        Attribute attribute = attribute("https://x/a", NgsiLd.NO_DATASET, Kind.PROPERTY, VALUE);
        EntityView view = view(Knowledge.empty(), attribute);
        assertThat(view.objects(ENTITY, "https://x/a")).isSameAs(view.objects(ENTITY, "https://x/a"));
        assertThat(view.objects(ENTITY, NgsiLd.RDF_TYPE)).isSameAs(view.objects(ENTITY, NgsiLd.RDF_TYPE));
        assertThat(view.objects(attribute, NgsiLd.HAS_VALUE)).isSameAs(attribute.values());
    }

    private static EntityView view(Knowledge knowledge, Attribute... attributes) {
        String[] types = {"https://x/Cutter"};
        return new EntityView(new EntityDocument(ID, types, attributes, List.of("/plant")), knowledge);
    }

    private static Attribute attribute(String name, String datasetId, Kind kind, Term... values) {
        return new Attribute(ID, name, datasetId, kind, List.of(values), Metadata.NONE);
    }
}
