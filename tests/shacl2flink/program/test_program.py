"""The program: its format, labels, units; and that only what is evaluated is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shacl2flink import Compilation, Input, compile_shapes
from shacl2flink.program.model import Program, json_schema
from support.json_schema import violations

EXAMPLE = Path(__file__).parents[3] / "examples" / "plant"
EX = "https://example.org/"
NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
PREFIXES = f"""\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <{EX}> .
@prefix n: <{NGSI_LD}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def turtle(name: str, body: str) -> Input:
    return Input(name=name, content=(PREFIXES + body).encode())


def compiled(body: str, knowledge: str = "", **options: Any) -> Compilation:
    return compile_shapes([turtle("s.ttl", body)], [turtle("k.ttl", knowledge)], **options)


def program(body: str, knowledge: str = "", **options: Any) -> dict[str, Any]:
    compilation = compiled(body, knowledge, **options)
    assert compilation.program is not None, compilation.diagnostics
    found = json.loads(compilation.program)
    assert isinstance(found, dict)
    return found


def example() -> Compilation:
    return compile_shapes(
        [Input(name="shapes.ttl", content=(EXAMPLE / "shapes.ttl").read_bytes())],
        [Input(name="knowledge.ttl", content=(EXAMPLE / "knowledge.ttl").read_bytes())],
    )


EVERYTHING = """
ex:S a sh:NodeShape ; sh:targetClass ex:C , ex:B ; sh:class ex:C ; sh:nodeKind sh:IRI ;
  sh:pattern "^urn:" ; sh:property [ sh:path ex:p ; sh:minCount 0 ; sh:maxCount 007 ;
    sh:severity ex:bad ; sh:message "Wert {?value}"@de , "value {?value}"@en , "plain" ;
    sh:property ex:Value ] .
ex:Value a sh:PropertyShape ; sh:path n:hasValue ; sh:datatype xsd:double ;
  sh:minInclusive 1 ; sh:maxInclusive "9.50"^^xsd:decimal ; sh:minExclusive -1.0e0 ;
  sh:maxExclusive "x"@en ; sh:minLength 1 ; sh:maxLength 3 ; sh:flags "ix" ; sh:pattern "a b" ;
  sh:hasValue 1 , ex:v ; sh:in ( 2 ex:v "t"@en 1 ) ; sh:class ex:D .
"""


def test_every_component_in_w3c_order() -> None:
    shapes = program(EVERYTHING)["shapes"]
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert shapes[EX + "Value"] == {
        "iri": EX + "Value",
        "path": {"predicate": NGSI_LD + "hasValue"},
        "severity": "http://www.w3.org/ns/shacl#Violation",
        "messages": [],
        "property": [],
        "constraints": [
            {"component": "Class", "class": EX + "D"},
            {"component": "Datatype", "datatype": "http://www.w3.org/2001/XMLSchema#double"},
            {
                "component": "MinExclusive",
                "value": {"@value": "-1.0e0", "@type": "http://www.w3.org/2001/XMLSchema#double"},
            },
            {"component": "MinInclusive", "value": {"@value": "1", "@type": integer}},
            {"component": "MaxExclusive", "value": {"@value": "x", "@language": "en"}},
            {
                "component": "MaxInclusive",
                "value": {"@value": "9.50", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
            },
            {"component": "MinLength", "minLength": 1},
            {"component": "MaxLength", "maxLength": 3},
            {"component": "Pattern", "pattern": "a b", "flags": "ix", "regex": "[Aa][Bb]"},
            {"component": "HasValue", "value": {"@id": EX + "v"}},
            {"component": "HasValue", "value": {"@value": "1", "@type": integer}},
            {
                "component": "In",
                "in": [
                    {"@value": "2", "@type": integer},
                    {"@id": EX + "v"},
                    {"@value": "t", "@language": "en"},
                    {"@value": "1", "@type": integer},
                ],
            },
        ],
    }
    assert shapes[f"<{EX}S>/<{EX}p>"] == {
        "path": {"predicate": EX + "p"},
        "severity": EX + "bad",
        "messages": [
            {"@value": "Wert {?value}", "@language": "de"},
            {"@value": "value {?value}", "@language": "en"},
            {"@value": "plain"},
        ],
        "constraints": [
            {"component": "MinCount", "minCount": 0},
            {"component": "MaxCount", "maxCount": 7},
        ],
        "property": [EX + "Value"],
    }
    assert shapes[EX + "S"]["targets"] == [{"class": EX + "B"}, {"class": EX + "C"}]
    assert [c["component"] for c in shapes[EX + "S"]["constraints"]] == [
        "Class",
        "NodeKind",
        "Pattern",
    ]


@pytest.mark.parametrize(
    "body",
    [
        EVERYTHING,
        "ex:S a sh:NodeShape ; sh:targetClass ex:C .",
        "[] a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI .",
    ],
)
def test_the_model_describes_programs_completely(body: str) -> None:
    knowledge = "ex:D rdfs:subClassOf ex:E . ex:v a ex:D ; ex:p [ ex:q 'x'@en , 1 ] ."
    content = compiled(body, knowledge).program
    assert content is not None
    model = Program.model_validate_json(content)
    dumped = model.model_dump(by_alias=True, exclude_none=True, mode="json")
    assert dumped == json.loads(content)


def test_the_schema_accepts_programs_and_refuses_others() -> None:
    schema = json_schema()
    content = example().program
    assert content is not None
    found = json.loads(content)
    assert violations(schema, found, schema) == []
    found["units"][0]["attributes"] = "none"
    found["shapes"][EX] = {"severity": 1}
    found["extra"] = 1
    assert len(violations(schema, found, schema)) >= 3


def test_bytes_and_digest() -> None:
    import hashlib

    compilation = example()
    content = compilation.program
    assert content is not None
    assert compilation.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    text = content.decode()
    parsed = json.loads(text)
    assert text == json.dumps(parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert parsed["formatVersion"] == 1
    assert compilation.diagnostics == ()
    assert not compilation.refused()


def test_labels() -> None:
    shapes = program(
        """
        ex:S a sh:NodeShape ; sh:targetClass ex:C ;
          sh:property [ sh:path ex:p ; sh:property [ sh:path n:hasValue ; sh:minCount 1 ] ] ,
            ex:Named .
        ex:Named sh:path ex:q ; sh:property [ sh:path n:hasValue ; sh:minCount 1 ] .
        [] sh:targetClass ex:D ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .
        """
    )["shapes"]
    assert set(shapes) == {
        EX + "S",
        f"<{EX}S>/<{EX}p>",
        f"<{EX}S>/<{EX}p>/<{NGSI_LD}hasValue>",
        EX + "Named",
        f"<{EX}Named>/<{NGSI_LD}hasValue>",
        f"[<{EX}D>]",
        f"[<{EX}D>]/<{EX}p>",
    }
    assert {label for label, shape in shapes.items() if "iri" in shape} == {EX + "S", EX + "Named"}


def test_twins_are_one_when_alike_and_told_by_content_otherwise() -> None:
    one = "[ sh:path ex:p ; sh:minCount 1 ]"
    other = "[ sh:path ex:p ; sh:maxCount 1 ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ]"
    root = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property "
    place = f"<{EX}S>/<{EX}p>"
    assert set(program(f"{root} {one} , {one} .")["shapes"]) == {EX + "S", place}
    labels = set(program(f"{root} {one} , {other} .")["shapes"])
    twins = {label for label in labels if label.startswith(place + "~") and label.count("/<") == 1}
    assert len(twins) == 2
    assert all(len(label) == len(place) + 9 for label in twins)
    assert labels == set(program(f"{root} {other} , {one} , {one} .")["shapes"])
    # An edit elsewhere, and an edit of the other twin, leave a label as it is.
    edited = set(program(f"{root} {one} , {other.replace('1', '2')} .")["shapes"])
    assert len(twins & edited) == 1


def test_a_shape_with_several_owners() -> None:
    body = """
        ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P , _:b .
        ex:T a sh:NodeShape ; sh:targetClass ex:D ; sh:property ex:P , _:b .
        ex:P sh:path ex:p ; sh:minCount 1 . _:b sh:path ex:q ; sh:minCount 1 .
        """
    assert set(program(body)["shapes"]) == {
        EX + "S", EX + "T", EX + "P", f"<{EX}S>/<{EX}q>", f"<{EX}T>/<{EX}q>",
    }  # fmt: skip


def test_only_what_is_active_and_reachable() -> None:
    shapes = program(
        """
        ex:S a sh:NodeShape ; sh:targetClass ex:C ;
          sh:property [ sh:path ex:p ; sh:deactivated true ; sh:minCount 1 ] , ex:Off ,
            [ sh:path ex:q ; sh:deactivated false ; sh:minCount 1 ] .
        ex:Off sh:path ex:r ; sh:deactivated true ; sh:property ex:BelowOff .
        ex:BelowOff sh:path ex:s ; sh:minCount 1 .
        ex:T a sh:NodeShape ; sh:targetClass ex:C ; sh:deactivated true ; sh:nodeKind sh:IRI .
        ex:Free a sh:NodeShape ; sh:nodeKind sh:IRI .
        """
    )["shapes"]
    assert set(shapes) == {EX + "S", f"<{EX}S>/<{EX}q>"}
    assert shapes[EX + "S"]["property"] == [f"<{EX}S>/<{EX}q>"]


def test_implicit_class_targets() -> None:
    shapes = program(
        """
        ex:C a sh:NodeShape , rdfs:Class ; sh:nodeKind sh:IRI .
        ex:D a sh:NodeShape , owl:Class ; sh:targetClass ex:E ; sh:nodeKind sh:IRI .
        ex:Meta rdfs:subClassOf rdfs:Class .
        ex:F a sh:NodeShape , ex:Meta ; sh:nodeKind sh:IRI .
        """
    )["shapes"]
    targets = {label: [t["class"] for t in s["targets"]] for label, s in shapes.items()}
    assert targets == {
        EX + "C": [EX + "C"],
        EX + "D": [EX + "D", EX + "E"],
        EX + "F": [EX + "F"],
    }


def test_units() -> None:
    units = program(
        """
        ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:class ex:C ;
          sh:property [ sh:path ex:p ; sh:minCount 1 ;
              sh:property [ sh:path n:hasValue ; sh:minCount 1 ] ,
                [ sh:path ex:accuracy ; sh:property [ sh:path n:hasValue ; sh:minCount 1 ] ] ] ,
            [ sh:path ex:state ; sh:property [ sh:path n:hasValue ; sh:class ex:State ;
              sh:property [ sh:path ex:label ; sh:minCount 1 ] ] ] ,
            [ sh:path rdf:type ; sh:hasValue ex:C ] .
        ex:T a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .
        ex:P sh:path ex:p ; sh:targetClass ex:D ; sh:minCount 1 .
        """
    )["units"]
    assert units == [
        unit("P", EX + "P", EX + "p"),
        unit("S", f"<{EX}S>/<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", types=True),
        unit("S", f"<{EX}S>/<{EX}p>", EX + "p"),
        unit("S", f"<{EX}S>/<{EX}state>", EX + "label", EX + "state", types=True),
        unit("S", EX + "S", types=True),
        unit("T", EX + "P", EX + "p"),
    ]


def unit(root: str, shape: str, *attributes: str, types: bool = False) -> dict[str, Any]:
    return {"root": EX + root, "shape": shape, "attributes": list(attributes), "types": types}


def test_knowledge() -> None:
    knowledge = program(
        "ex:S a sh:NodeShape ; sh:targetClass ex:C .",
        """
        ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:A , ex:T . ex:i a ex:A ; ex:p [] .
        """,
    )["knowledge"]
    assert knowledge["superClasses"] == {
        EX + "A": [EX + "A", EX + "B", EX + "T"],
        EX + "B": [EX + "A", EX + "B", EX + "T"],
        EX + "T": [EX + "T"],
    }
    assert [EX + "i", EX + "p", {"@id": "_:b0"}] in knowledge["triples"]
    assert len(knowledge["triples"]) == 5


def test_numbers() -> None:
    body = "ex:S a sh:NodeShape ; sh:targetClass ex:C ."
    for numbers in ("declared", "json-ld", "double"):
        assert program(body, numbers=numbers)["numbers"] == numbers
    with pytest.raises(ValueError, match="numbers"):
        compiled(body, numbers="float")


def test_a_few_shapes_cannot_stand_for_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anonymous shapes that are shared double with every level."""
    from shacl2flink.program import lower

    monkeypatch.setattr(lower, "MAX_SHAPES", 1000)
    levels = "".join(
        f"_:n{n} sh:path ex:p ; sh:property _:n{n + 1} , _:m{n + 1} .\n"
        f"_:m{n} sh:path ex:q ; sh:property _:n{n + 1} , _:m{n + 1} .\n"
        for n in range(40)
    )
    body = (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property _:n0 , _:m0 .\n"
        + levels
        + "_:n40 sh:path ex:p ; sh:minCount 1 . _:m40 sh:path ex:q ; sh:minCount 1 ."
    )
    compilation = compiled(body)
    assert [d.code for d in compilation.diagnostics] == ["limit-shapes"]
    assert compilation.program is None


def test_named_shapes_that_double_with_every_level_are_kept_once() -> None:
    levels = "".join(
        f"ex:{name}{n} sh:path ex:{name} ; sh:property ex:a{n + 1} , ex:b{n + 1} .\n"
        for n in range(50)
        for name in "ab"
    )
    body = f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:a0 , ex:b0 .\n{levels}"
    end = "ex:a50 sh:path n:hasValue ; sh:class ex:K . ex:b50 sh:path ex:b ; sh:minCount 1 ."
    found = program(body + end)
    assert len(found["shapes"]) == 103
    assert [unit["types"] for unit in found["units"]] == [True, True]


def test_deep_nesting_is_refused() -> None:
    chain = "".join(f"ex:P{n} sh:path ex:p ; sh:property ex:P{n + 1} .\n" for n in range(2000))
    body = f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P0 .\n{chain}"
    codes = {d.code for d in compiled(body + "ex:P2000 sh:path ex:p .").diagnostics}
    assert codes == {"limit-nesting"}


def test_summary_and_sources() -> None:
    compilation = example()
    summary = compilation.summary
    assert json.loads(json.dumps(summary)) == summary
    root = "https://example.org/plant/CutterShape"
    assert summary["roots"][root]["targets"] == ["https://example.org/plant/Cutter"]
    assert summary["severities"] == {"https://example.org/plant/severityMaintenance": "maintenance"}
    content = json.loads(compilation.program or b"{}")
    assert summary["shapes"] == len(content["shapes"])
    assert summary["units"] == len(content["units"])
    assert set(compilation.sources()) == set(content["shapes"])
    lines = (EXAMPLE / "shapes.ttl").read_text().split("\n")
    source = compilation.source_of(root)
    assert source is not None
    assert source.line is not None
    assert lines[source.line - 1].startswith("plant:CutterShape")


def test_a_root_has_a_new_digest_when_something_nested_changes() -> None:
    def digest(count: int) -> Any:
        body = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P ."
        return compiled(f"{body} ex:P sh:path ex:p ; sh:minCount {count} .").summary["roots"][
            EX + "S"
        ]["digest"]

    assert digest(1) == digest(1) != digest(2)
