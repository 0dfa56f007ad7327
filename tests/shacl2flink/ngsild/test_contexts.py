"""JSON-LD contexts: the bundled core, and those that are given, flat and never fetched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyld import jsonld

from shacl2flink import Input, compile_shapes
from shacl2flink.diagnostics import Diagnostic, Findings
from shacl2flink.ngsild.contexts import Contexts, as_json_ld
from shacl2flink.ngsild.core import CORE_CONTEXTS, DEFAULT_CONTEXT, core_terms

EX = "https://example.org/"
CONTEXT = "https://example.org/context.jsonld"
NGSI_LD = "https://uri.etsi.org/ngsi-ld/"


def resolved(context: Any, **others: Any) -> tuple[dict[str, Any], list[Diagnostic]]:
    findings = Findings()
    given = {CONTEXT: context} | {EX + name: value for name, value in others.items()}
    content = {iri: json.dumps({"@context": value}).encode() for iri, value in given.items()}
    contexts = Contexts(content, findings)
    return contexts.flat.get(CONTEXT, {}), findings.found


def test_the_core_context() -> None:
    terms = core_terms()
    assert terms["value"] == {"@id": NGSI_LD + "hasValue"}
    assert terms["object"] == {"@id": NGSI_LD + "hasObject", "@type": "@id"}
    assert terms["observedAt"] == {"@id": NGSI_LD + "observedAt", "@type": NGSI_LD + "DateTime"}
    assert terms["languageMap"] == {"@id": NGSI_LD + "hasLanguageMap", "@container": "@language"}
    assert terms["location"] == {"@id": NGSI_LD + "location"}
    assert terms["Point"] == {"@id": "https://purl.org/geojson/vocab#Point"}
    assert terms["title"] == {"@id": "http://purl.org/dc/terms/title"}
    assert terms["id"] == {"@id": "@id"}
    assert "name" not in terms  # it belongs to the default vocabulary
    assert len(CORE_CONTEXTS) == 7
    assert DEFAULT_CONTEXT in CORE_CONTEXTS


def test_the_core_context_expands_an_entity_as_json_ld_says() -> None:
    contexts = Contexts({}, Findings())
    entity = {
        "@context": as_json_ld(contexts.flat[DEFAULT_CONTEXT]),
        "id": "urn:x:1",
        "type": "Cutter",
        "state": {"type": "Property", "value": "ON", "observedAt": "2026-01-01T00:00:00Z"},
        "filter": {"type": "Relationship", "object": "urn:f:1", "datasetId": "urn:d:1"},
        "names": {"type": "LanguageProperty", "languageMap": {"en": "a"}},
    }
    (expanded,) = jsonld.expand(entity)
    vocabulary = NGSI_LD + "default-context/"
    assert expanded["@id"] == "urn:x:1"
    assert expanded["@type"] == [vocabulary + "Cutter"]
    (state,) = expanded[vocabulary + "state"]
    assert state["@type"] == [NGSI_LD + "Property"]
    assert state[NGSI_LD + "observedAt"][0]["@type"] == NGSI_LD + "DateTime"
    (link,) = expanded[vocabulary + "filter"]
    assert link[NGSI_LD + "hasObject"] == [{"@id": "urn:f:1"}]
    (names,) = expanded[vocabulary + "names"]
    assert names[NGSI_LD + "hasLanguageMap"] == [{"@value": "a", "@language": "en"}]


FLAT = [
    ({"a": EX + "a"}, {"a": {"@id": EX + "a"}}),
    ({"ex": EX, "a": "ex:a"}, {"ex": {"@id": EX}, "a": {"@id": EX + "a"}}),
    ({"a": "ex:a", "ex": EX}, {"ex": {"@id": EX}, "a": {"@id": EX + "a"}}),
    ({"b": "a", "a": EX + "a"}, {"a": {"@id": EX + "a"}, "b": {"@id": EX + "a"}}),
    ({"id": "@id"}, {"id": {"@id": "@id"}}),
    (
        {"a": {"@id": EX + "a", "@type": "@id", "@container": ["@set"]}},
        {"a": {"@id": EX + "a", "@type": "@id", "@container": "@set"}},
    ),
    (
        {"xsd": EX, "a": {"@id": EX + "a", "@type": "xsd:int", "@protected": True}},
        {"xsd": {"@id": EX}, "a": {"@id": EX + "a", "@type": EX + "int"}},
    ),
    ([{"a": EX + "a"}, {"a": EX + "b"}], {"a": {"@id": EX + "b"}}),
    ([{"ex": EX}, {"a": "ex:a"}], {"ex": {"@id": EX}, "a": {"@id": EX + "a"}}),
    ({"ex:a": {"@type": "@id"}, "ex": EX}, {"ex:a": {"@id": EX + "a", "@type": "@id"},
                                            "ex": {"@id": EX}}),
]  # fmt: skip


@pytest.mark.parametrize(("context", "terms"), FLAT)
def test_flat(context: Any, terms: dict[str, Any]) -> None:
    found, diagnostics = resolved(context)
    assert diagnostics == []
    assert found == {"terms": terms}


def test_vocabulary() -> None:
    found, _ = resolved({"@vocab": EX, "a": {"@type": "@id"}, "b": "other"})
    assert found == {
        "vocab": EX,
        "terms": {"a": {"@id": EX + "a", "@type": "@id"}, "b": {"@id": EX + "other"}},
    }


def test_contexts_name_each_other_and_the_core() -> None:
    found, diagnostics = resolved([EX + "base", DEFAULT_CONTEXT], base={"a": EX + "a"})
    assert diagnostics == []
    assert found["terms"]["a"] == {"@id": EX + "a"}
    assert found["terms"]["value"] == {"@id": NGSI_LD + "hasValue"}
    assert found["vocab"] == NGSI_LD + "default-context/"


REFUSED = [
    ({"a": {"@id": EX + "a", "@context": {}}}, "unsupported-context"),
    ({"a": {"@reverse": EX + "a"}}, "unsupported-context"),
    ({"@language": "en"}, "unsupported-context"),
    ({"@base": EX}, "unsupported-context"),
    ({"@import": EX}, "unsupported-context"),
    ({"a": None}, "unsupported-context"),
    ({"a": "b", "b": "a"}, "unsupported-context"),
    ({"a": "relative"}, "unsupported-context"),
    ({"a": "@nonsense"}, "unsupported-context"),
    ({"a": EX + "\ud800"}, "unsupported-context"),
    ({"a": {"@id": EX + "a", "@container": "@bag"}}, "unsupported-context"),
    (12, "unsupported-context"),
    (CONTEXT, "unsupported-context"),
    ("https://example.org/unknown", "unknown-context"),
]


@pytest.mark.parametrize(("context", "code"), REFUSED)
def test_refused(context: Any, code: str) -> None:
    _, diagnostics = resolved(context)
    assert [diagnostic.code for diagnostic in diagnostics] == [code]
    assert diagnostics[0].hint


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "syntax-error"),
        (b"[]", "unsupported-context"),
        (b"{}", "unsupported-context"),
        (b'{"@context": ' + b"[" * 100_000, "limit-nesting"),
    ],
)
def test_documents_that_are_no_contexts(content: bytes, code: str) -> None:
    findings = Findings()
    Contexts({CONTEXT: content}, findings)
    assert [diagnostic.code for diagnostic in findings.found] == [code]


def test_a_program_carries_the_contexts() -> None:
    shapes = b"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
        ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI ."""
    given = {CONTEXT: b'{"@context": {"a": "https://example.org/a"}}'}
    compilation = compile_shapes([Input(name="s.ttl", content=shapes)], contexts=given)
    program = json.loads(compilation.program or b"")
    assert program["contexts"][CONTEXT] == {"terms": {"a": {"@id": EX + "a"}}}
    assert set(program["contexts"]) == {CONTEXT, *CORE_CONTEXTS}
    assert program["defaultContext"] == DEFAULT_CONTEXT
    refused = compile_shapes(
        [Input(name="s.ttl", content=shapes)], contexts={CONTEXT: b"no context"}
    )
    assert refused.program is None
    assert refused.refused(stream=False)
