"""Every term of the `sh:` vocabulary is evaluated, kept or refused: there is no fourth way.

The vocabulary of SHACL 1.0 and its Advanced Features is the W3C's own file, as pySHACL
brings it along. That of the 1.2 drafts is no file yet, so its terms are listed here.
"""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import RDF, RDFS

from shacl2flink import Input, compile_shapes
from shacl2flink.shapes.parameters import EVALUATED
from shacl2flink.shapes.refusals import ACCEPTED_TYPES, NON_VALIDATING, REFUSED

SH = "http://www.w3.org/ns/shacl#"
VOCABULARY = rdflib.Graph().parse(Path(pyshacl.__file__).parent / "assets" / "shacl.ttl")
DRAFT_PROPERTIES = [
    "agentInstruction",
    "codeIdentifier",
    "conformanceDisallows",
    "intent",
    "maxListLength",
    "memberShape",
    "minListLength",
    "nodeByExpression",
    "reificationRequired",
    "reifierShape",
    "rootClass",
    "shape",
    "singleLine",
    "someValue",
    "sparqlExpr",
    "subsetOf",
    "targetShape",
    "targetWhere",
    "uniqueMembers",
    "uniqueValuesFor",
]
DRAFT_CLASSES = ["ByTypes", "ListNodeExpression", "NodeExpression", "ShapeClass"]


def named(kind: rdflib.URIRef) -> list[str]:
    found = (str(term) for term in VOCABULARY.subjects(RDF.type, kind))
    return sorted(term.removeprefix(SH) for term in found if term.startswith(SH))


def codes(said: str, term: str) -> set[str]:
    """Of the diagnostics that say the term is not understood."""
    text = f"@prefix sh: <{SH}> . @prefix ex: <https://example.org/> ."
    shape = f"ex:S sh:targetClass ex:C ; {said} ."
    compilation = compile_shapes([Input(name="s.ttl", content=f"{text}\n{shape}".encode())])
    about = (d for d in compilation.diagnostics if d.term == SH + term)
    return {d.code for d in about} & {"unsupported-term", "unknown-term"}


@pytest.mark.parametrize("name", [*named(RDF.Property), *DRAFT_PROPERTIES])
def test_every_property(name: str) -> None:
    understood = {term.removeprefix(SH) for term in EVALUATED}
    homes = [name in understood, name in NON_VALIDATING, name in REFUSED]
    assert homes.count(True) == 1
    assert codes(f"sh:{name} ex:x", name) == ({"unsupported-term"} if name in REFUSED else set())


@pytest.mark.parametrize("name", [*named(RDFS.Class), *DRAFT_CLASSES])
def test_every_class(name: str) -> None:
    assert [name in ACCEPTED_TYPES, name in REFUSED].count(True) == 1
    assert codes(f"a sh:{name}", name) == ({"unsupported-term"} if name in REFUSED else set())


def test_the_vocabulary_is_complete() -> None:
    assert {"targetObjectsOf", "qualifiedValueShapesDisjoint", "rule"} <= set(named(RDF.Property))
    assert {"NodeShape", "TripleRule", "JSLibrary"} <= set(named(RDFS.Class))
