package org.flinkjobrunner.validator.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.term.Term;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeKindConstraintComponentTest {
    @ParameterizedTest
    @CsvSource({
        "IRI, true, false, false",
        "BlankNode, false, true, false",
        "Literal, false, false, true",
        "BlankNodeOrIRI, true, true, false",
        "BlankNodeOrLiteral, false, true, true",
        "IRIOrLiteral, true, false, true",
    })
    void sixKinds(String name, boolean iri, boolean blankNode, boolean literal) {
        Constraint constraint = new NodeKindConstraintComponent(NodeKind.of(name));
        assertThat(Results.violating(constraint, Results.term("<urn:a>")).isEmpty())
                .isEqualTo(iri);
        assertThat(Results.violating(constraint, Results.term("_:a")).isEmpty()).isEqualTo(blankNode);
        assertThat(Results.violating(constraint, Results.term("a")).isEmpty()).isEqualTo(literal);
    }

    @Test
    void anAttributeIsABlankNode() {
        Term attribute = new Attribute("urn:e", "urn:a", "@none", Kind.PROPERTY, List.of(), Metadata.NONE);
        assertThat(Results.violating(new NodeKindConstraintComponent(NodeKind.BLANK_NODE), attribute))
                .isEmpty();
    }

    @Test
    void otherNamesAreNoKinds() {
        assertThat(NodeKind.of("iri")).isNull();
    }
}
