"""What a stream of single entities cannot decide: refused there, a warning over files."""

from __future__ import annotations

import json
from typing import Any

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


def over(path: str, constraint: str) -> str:
    return f"{ROOT}\n\nsh:property [ sh:path {path} ;\n{constraint} ] ."


REFUSED += [
    (over("( ex:p n:hasObject ex:state )", "sh:minCount 1"), ""),
    (over("[ sh:oneOrMorePath ( ex:p n:hasObject ) ]", "sh:minCount 1"), ""),
    (over("[ sh:inversePath ex:p ]", "sh:minCount 1"), ""),
    (over("( ex:p n:hasValue [ sh:inversePath n:hasValue ] )", "sh:minCount 1"), ""),
    (over("( ex:p n:hasObject )", "sh:class ex:Filter"), ""),
    (over("( ex:p n:hasObject )", "sh:or ( [ sh:nodeKind sh:IRI ] [ sh:class ex:Filter ] )"), ""),
    (over("( ex:p n:hasObject )", "sh:node [ sh:closed true ]"), ""),
    (over("( ex:p n:hasObject )", "sh:node [ sh:equals ex:q ]"), ""),
    (over("( ex:p n:hasObject )", "sh:not [ sh:path ex:q ; sh:minCount 1 ]"), ""),
    (
        over(
            "( ex:p n:hasObject )",
            "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:Filter ]",
        ),
        "",
    ),
    ("\n\n\nex:S a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:targetObjectsOf ex:p .", ""),
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


@pytest.mark.parametrize(
    "shapes",
    [
        over("( ex:p n:hasValue )", "sh:minCount 1 ; sh:lessThan ex:q"),
        over("( ex:p [ sh:inversePath ex:p ] ex:q )", "sh:minCount 1"),
        over("[ sh:zeroOrMorePath ex:p ]", "sh:maxCount 3"),
        over("( ex:p n:hasObject )", "sh:or ( [ sh:nodeKind sh:IRI ] [ sh:minLength 3 ] )"),
        ROOT + "sh:closed true ; sh:class ex:Other ; sh:node [ sh:class ex:Another ] .",
        "ex:S a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:targetSubjectsOf ex:p .",
    ],
)
def test_what_stays_within_an_entity_runs_in_the_stream(shapes: str) -> None:
    assert compiled(shapes).diagnostics == ()


@pytest.mark.parametrize(
    ("target", "code", "severity"),
    [
        ("sh:targetNode ex:ON", "knowledge-focus", "error"),
        ("sh:targetNode 5", "literal-focus", "error"),
        ("sh:targetClass <https://purl.org/geojson/vocab#Point>", "value-focus", "error"),
        ("sh:targetNode ex:absent", "absent-focus", "warning"),
        ("sh:targetSubjectsOf ex:allows", "knowledge-focus", "error"),
        ("sh:targetSubjectsOf n:observedAt", "attribute-focus", "error"),
        ("sh:targetSubjectsOf rdf:type", "attribute-focus", "error"),
    ],
)
def test_targets_that_a_stream_cannot_serve(target: str, code: str, severity: str) -> None:
    compilation = compiled(f"ex:S a sh:NodeShape ; sh:nodeKind sh:IRI ; {target} .", KNOWN)
    (diagnostic,) = (d for d in compilation.diagnostics if d.code == code)
    assert (diagnostic.scope, diagnostic.severity) == (Scope.STREAM, severity)
    assert diagnostic.source is not None
    assert diagnostic.section
    assert diagnostic.hint
    assert not compilation.refused(stream=False)


KNOWN = "ex:ON ex:allows ex:OFF . ex:thing a ex:Thing ."


def unit_of(shapes: str, shape: str) -> dict[str, object]:
    program = json.loads(compiled(shapes).program or b"{}")
    (unit,) = (unit for unit in program["units"] if unit["shape"].endswith(shape))
    return {name: value for name, value in unit.items() if name not in ("root", "shape")}


EX = "https://example.org/"


@pytest.mark.parametrize(
    ("shapes", "shape", "reads"),
    [
        (over("( ex:p n:hasValue )", "sh:minCount 1"), "hasValue>)", {"attributes": ["p"]}),
        (over("( ex:p n:hasValue ex:q )", "sh:minCount 1"), "q>)", {"attributes": ["p", "q"]}),
        (over("( ex:p ex:sub )", "sh:minCount 1"), "sub>)", {"attributes": ["p"]}),
        (
            over("( ex:p [ sh:inversePath ex:p ] ex:q )", "sh:minCount 1"),
            "q>)",
            {"attributes": ["p", "q"]},
        ),
        (over("ex:p", "sh:lessThan ex:q"), "p>", {"attributes": ["p", "q"]}),
        (
            ROOT
            + "sh:or ( [ sh:path ex:p ; sh:minCount 1 ] [ sh:path ex:q ; sh:disjoint ex:r ] ) .",
            "S",
            {"attributes": ["p", "q", "r"]},
        ),
        (
            ROOT
            + "sh:node ex:N . ex:N a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:class ex:A ] .",
            "S",
            {"attributes": ["p"], "types": True},
        ),
        (ROOT + "sh:closed true .", "S", {"attributes": [], "types": True, "allAttributes": True}),
    ],
)
def test_what_a_unit_reads(shapes: str, shape: str, reads: dict[str, Any]) -> None:
    attributes = [EX + name for name in reads["attributes"]]
    assert unit_of(shapes, shape) == {"types": False} | reads | {"attributes": attributes}
