"""What a stream of single entities cannot decide: refused there, a warning over files."""

from __future__ import annotations

import pytest

from shacl2flink import Compilation, Input, Scope, compile_shapes

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix n: <https://uri.etsi.org/ngsi-ld/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ROOT = "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n"


def compiled(shapes: str, knowledge: str = "") -> Compilation:
    return compile_shapes(
        [Input(name="s.ttl", content=(PREFIXES + shapes).encode())],
        [Input(name="k.ttl", content=(PREFIXES + knowledge).encode())],
    )


def at(path: str, inner: str) -> str:
    return f"{ROOT}sh:property [ sh:path ex:p ;\nsh:property [ sh:path {path} ;\n{inner} ] ] ."


REFUSED = [
    (at("n:hasObject", "sh:class ex:Filter"), ""),
    (at("n:hasObject", "sh:property [ sh:path ex:state ; sh:minCount 1 ]"), ""),
    (at("n:hasValue", "sh:class ex:C"), ""),
    (at("n:hasValue", "sh:class ex:Sub"), "ex:Sub rdfs:subClassOf ex:C ."),
    (at("n:hasValue", "sh:class ex:Super"), "ex:C rdfs:subClassOf ex:Super ."),
    (
        at(
            "n:hasObjectList",
            "sh:property [ sh:path rdf:rest ; sh:property [ sh:path rdf:first ;"
            "\nsh:class ex:Filter ] ]",
        ),
        "",
    ),
]


@pytest.mark.parametrize(("shapes", "knowledge"), REFUSED)
def test_needs_another_entity(shapes: str, knowledge: str) -> None:
    compilation = compiled(shapes, knowledge)
    (diagnostic,) = compilation.diagnostics
    assert diagnostic.code == "needs-other-entity"
    assert diagnostic.scope is Scope.STREAM
    assert diagnostic.hint
    assert diagnostic.source is not None
    assert diagnostic.source.line is not None
    assert diagnostic.source.line >= PREFIXES.count("\n") + 4
    assert compilation.refused()
    assert not compilation.refused(stream=False)
    assert compilation.program is not None
    assert diagnostic.demoted().severity == "warning"


ALLOWED = [
    (at("n:hasValue", "sh:class ex:State"), "ex:ON a ex:State ."),
    (
        at("n:hasValue", "sh:property [ sh:path ex:isSafe ; sh:hasValue true ]"),
        "ex:ON a ex:State .",
    ),
    (at("n:hasObject", 'sh:nodeKind sh:IRI ; sh:pattern "^urn:"'), ""),
    (ROOT + "sh:class ex:C .", ""),
    (ROOT + "sh:property [ sh:path ex:p ; sh:class n:Property ] .", ""),
    (at("n:hasObjectList", "sh:property [ sh:path rdf:first ; sh:nodeKind sh:IRI ]"), ""),
]


@pytest.mark.parametrize(("shapes", "knowledge"), ALLOWED)
def test_what_one_entity_and_the_knowledge_can_decide(shapes: str, knowledge: str) -> None:
    assert compiled(shapes, knowledge).diagnostics == ()


def test_individuals_of_the_knowledge_that_are_targeted() -> None:
    shapes = ROOT + "sh:nodeKind sh:IRI ."
    knowledge = "ex:Sub rdfs:subClassOf ex:C . ex:i a ex:Sub . ex:j a ex:C . ex:k a ex:Other ."
    compilation = compiled(shapes, knowledge)
    (diagnostic,) = compilation.diagnostics
    assert (diagnostic.code, diagnostic.scope) == ("knowledge-focus", Scope.STREAM)
    assert diagnostic.term == "https://example.org/C"
    assert diagnostic.shape == "https://example.org/S"
    assert "holds 2 of its instances" in diagnostic.message
    assert "<https://example.org/i>, <https://example.org/j>" in diagnostic.message
    assert compilation.refused()
    assert not compilation.refused(stream=False)


@pytest.mark.parametrize(
    ("target", "knowledge"),
    [
        ("n:Property", ""),
        ("n:ListRelationship", ""),
        ("ex:Measured", "n:Property rdfs:subClassOf ex:Measured ."),
    ],
)
def test_attributes_that_are_targeted(target: str, knowledge: str) -> None:
    shapes = f"ex:S a sh:NodeShape ; sh:targetClass {target} ; sh:nodeKind sh:BlankNode ."
    compilation = compiled(shapes, knowledge)
    (diagnostic,) = compilation.diagnostics
    assert (diagnostic.code, diagnostic.scope) == ("attribute-focus", Scope.STREAM)
    assert diagnostic.source is not None
    assert compilation.refused()
    assert not compilation.refused(stream=False)


def test_shapes_in_the_knowledge_are_pointed_out() -> None:
    compilation = compiled(ROOT + "sh:nodeKind sh:IRI .", "ex:T sh:targetClass ex:D .")
    assert [(d.code, d.severity) for d in compilation.diagnostics] == [
        ("shapes-in-knowledge", "warning")
    ]
    assert not compilation.refused()
