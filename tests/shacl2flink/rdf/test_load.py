"""Reading RDF: syntaxes, several inputs, limits, and errors with their place."""

from __future__ import annotations

import json

import pytest

from shacl2flink import Input
from shacl2flink.diagnostics import Findings
from shacl2flink.rdf.load import Limits, Loaded, load
from shacl2flink.rdf.terms import Blank, Iri, Literal

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"


def loaded(*inputs: Input, limits: Limits | None = None) -> tuple[Loaded, Findings]:
    findings = Findings()
    contexts = {"https://example.org/context": {"@vocab": EX}}
    return load(inputs, findings=findings, contexts=contexts, limits=limits), findings


def given(text: str | bytes, name: str = "a.ttl", media_type: str | None = None) -> Input:
    content = text.encode() if isinstance(text, str) else text
    return Input(name=name, content=content, media_type=media_type)


TRIPLE = (Iri(EX + "s"), Iri(EX + "p"), Literal("1", XSD + "integer"))
TURTLE = f"<{EX}s> <{EX}p> 1 ."
JSON_LD = json.dumps({"@context": {"@vocab": EX}, "@id": EX + "s", "p": 1})


@pytest.mark.parametrize(
    ("text", "name", "media_type"),
    [
        (TURTLE, "a.ttl", None),
        (TURTLE, "a", None),
        (TURTLE, "a", "text/turtle; charset=utf-8"),
        (TURTLE, "a.ttl", "application/octet-stream"),
        (TURTLE, "https://host/a.ttl?signature=x.rdf", "text/plain"),
        (b"\xef\xbb\xbf" + TURTLE.encode(), "a.ttl", None),
        (f'<{EX}s> <{EX}p> "1"^^<{XSD}integer> .', "a.nt", None),
        (f"<{EX}g> {{ {TURTLE} }}", "a.trig", None),
        (JSON_LD, "a.jsonld", None),
        (JSON_LD, "a.json", None),
        (JSON_LD, "a", "application/ld+json"),
        (JSON_LD.replace("{", "{", 1), "a.ttl", "application/ld+json"),
    ],
)
def test_syntaxes(text: str | bytes, name: str, media_type: str | None) -> None:
    found, findings = loaded(given(text, name, media_type))
    assert findings.found == []
    assert list(found.graph) == [TRIPLE]


@pytest.mark.parametrize(
    ("text", "name", "media_type"),
    [
        (TURTLE, "a.rdf", None),
        (TURTLE, "a.owl", None),
        (TURTLE, "a.n3", None),
        (TURTLE, "a", "application/rdf+xml"),
        (TURTLE, "a.ttl", "text/html"),
        ('<?xml version="1.0"?><rdf:RDF/>', "a.ttl", None),
        ("\n <rdf:RDF/>", "a", None),
        ("<!DOCTYPE html>", "a.ttl", "text/turtle"),
    ],
)
def test_other_syntaxes_are_refused(text: str, name: str, media_type: str | None) -> None:
    _, findings = loaded(given(text, name, media_type))
    assert [d.code for d in findings.found] == ["unsupported-media-type"]


@pytest.mark.parametrize(
    ("text", "name", "line", "column"),
    [
        ("@prefix ex: <https://e/> .\nex:a ex:b\n  un:known .", "a.ttl", 3, 3),
        ("<https://e/a> <https://e/b> \n 'open", "a.ttl", 2, 2),
        ('{"@id": "https://e/a",\n "p" 1}', "a.jsonld", 2, 6),
        ('<https://e/a> <https://e/b> "\\q" .', "a.nt", 1, None),
        ("<a> <b> <c> .", "a.ttl", 1, 1),
        ("<https://e/a> <https://e/b> <https://e/c>", "a.ttl", 1, None),
    ],
)
def test_a_syntax_error_has_a_place(text: str, name: str, line: int, column: int | None) -> None:
    _, findings = loaded(given(text, name))
    (diagnostic,) = findings.found
    assert diagnostic.code == "syntax-error"
    assert diagnostic.source is not None
    assert diagnostic.source.line == line
    assert diagnostic.source.column == column or column is None
    assert "Parser error" not in diagnostic.message
    assert diagnostic.hint


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 100, bytes(range(256))])
@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.trig", "a.jsonld"])
def test_binary_content_is_a_syntax_error(content: bytes, name: str) -> None:
    _, findings = loaded(given(content, name))
    assert [d.code for d in findings.found] == ["syntax-error"]


def test_blank_nodes_of_different_inputs_stay_apart() -> None:
    text = f"_:x <{EX}p> [] ."
    found, _ = loaded(given(text, "a.ttl"), given(text, "b.ttl"))
    assert len(found.graph) == 2
    assert len({node for triple in found.graph for node in triple if type(node) is Blank}) == 4


def test_the_same_triple_of_two_inputs_is_one() -> None:
    found, _ = loaded(given(TURTLE), given(TURTLE, "b.ttl"))
    assert list(found.graph) == [TRIPLE]


def test_an_input_that_cannot_be_read_does_not_hide_the_others() -> None:
    found, findings = loaded(given("nonsense"), given(TURTLE, "b.ttl"))
    assert [d.code for d in findings.found] == ["syntax-error"]
    assert list(found.graph) == [TRIPLE]


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        (TURTLE, Limits(bytes=10), "limit-bytes"),
        (TURTLE + TURTLE, Limits(triples=1), "limit-triples"),
        (f'<{EX}s> <{EX}p> "{"x" * 11}" .', Limits(literal=10), "limit-literal"),
        (f"<{EX}s> <{EX}p> [ <{EX}p> [ <{EX}p> 1 ] ] .", Limits(nesting=1), "limit-nesting"),
    ],
)
def test_limits(text: str, limits: Limits, code: str) -> None:
    _, findings = loaded(given(text), limits=limits)
    assert [d.code for d in findings.found] == [code]


def test_deep_nesting_crashes_nothing() -> None:
    deep = f"<{EX}s> <{EX}p> " + f"[ <{EX}p> " * 200_000 + "1" + "]" * 200_000 + " ."
    _, findings = loaded(given(deep))
    (diagnostic,) = findings.found
    assert diagnostic.code == "limit-nesting"
    assert diagnostic.source is not None
    assert diagnostic.source.line == 1
    for text in ("[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000):
        _, findings = loaded(given(text, "a.jsonld"))
        assert findings.found[0].code == "limit-nesting"


def test_brackets_in_texts_and_comments_are_no_nesting() -> None:
    text = f'# {"[" * 300}\n<{EX}s{"(" * 300}> <{EX}p> \'{"[" * 300}\', """"{"(" * 300}""" .'
    _, findings = loaded(given(text))
    assert [d.code for d in findings.found] in ([], ["syntax-error"])
    assert "limit-nesting" not in {d.code for d in findings.found}


@pytest.mark.parametrize("value", ["<< <s:s> <s:p> 1 >>", "<<( <s:s> <s:p> 1 )>>", '"a"@ar--rtl'])
def test_rdf_1_2_is_refused(value: str) -> None:
    _, findings = loaded(given(f"<{EX}s> <{EX}p> {value} ."))
    assert [d.code for d in findings.found] == ["unsupported-rdf-term"]


def test_a_context_is_given_never_fetched() -> None:
    document = {"@context": "https://example.org/context", "@id": EX + "s", "p": 1}
    found, findings = loaded(given(json.dumps(document), "a.jsonld"))
    assert findings.found == []
    assert list(found.graph) == [TRIPLE]
    document["@context"] = "https://example.org/other"
    _, findings = loaded(given(json.dumps(document), "a.jsonld"))
    (diagnostic,) = findings.found
    assert (diagnostic.code, diagnostic.term) == ("unknown-context", "https://example.org/other")


@pytest.mark.parametrize(
    "context",
    [
        ["https://example.org/context", {"q": EX + "q"}],
        {"q": {"@id": EX + "p", "@context": "https://example.org/context"}, "@vocab": EX},
    ],
)
def test_contexts_in_lists_and_terms(context: object) -> None:
    document = {"@context": context, "@id": EX + "s", "p": 1}
    found, findings = loaded(given(json.dumps(document), "a.jsonld"))
    assert findings.found == []
    assert list(found.graph) == [TRIPLE]


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", "9" * 5000])
def test_numbers_beyond_json(number: str) -> None:
    _, findings = loaded(given(f'{{"@id": "{EX}s", "{EX}p": {number}}}', "a.jsonld"))
    assert [d.code for d in findings.found] == ["syntax-error"]
