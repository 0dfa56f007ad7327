"""Where triples stand in the text; the parser, not the scan, says what they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shacl2flink import Input
from shacl2flink.diagnostics import Findings
from shacl2flink.rdf.load import load
from shacl2flink.rdf.positions import Positions
from shacl2flink.rdf.terms import Iri

if TYPE_CHECKING:
    from shacl2flink.rdf.graph import Graph, Triple

EXAMPLE = Path(__file__).parents[3] / "examples" / "plant"


def positions(text: str, name: str = "a.ttl") -> tuple[Graph, Positions]:
    findings = Findings()
    loaded = load([Input(name=name, content=text.encode())], findings=findings, contexts={})
    assert findings.found == []
    return loaded.graph, Positions(loaded)


def test_every_triple_of_a_text_with_everything() -> None:
    text = '''@prefix : <http://e/> . # a comment with [ and "
PREFIX ex: <http://x/>
@base <http://b/> .
:s :p [ :q 1 ; :r ( :a [ :z 2 ] ) ] , :o ;
   :t "x"@en, """long
"quoted" """^^:d ; :n -1.5, 1e3, true ;
   a <rel> ;; .
[ :u :v ] :w :x .
[ :only 1.0 ;
  :more [] ] .
( 1 2 ) :l () .
_:lab :a _:lab2 .
_:lab2 a ex:a\\-b , ex:c.d, 'single', \'\'\'three\'\'\' .
'''
    graph, where = positions(text)
    for triple in graph:
        assert_written(text, triple, where)
    assert len({str(where(triple)) for triple in graph}) > 20


def assert_written(text: str, triple: Triple, where: Positions) -> None:
    """At a triple's place stands its predicate, or an object behind a comma or in a list."""
    source = where(triple)
    assert source is not None
    assert source.line is not None
    assert source.column is not None
    lines = text.split("\n")
    before = "\n".join([*lines[: source.line - 1], lines[source.line - 1][: source.column - 1]])
    here = lines[source.line - 1][source.column - 1 :]
    local = triple[1].rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    if local in ("first", "rest"):
        return
    word = here.split()[0]
    assert (
        word.endswith(local) or (word == "a" and local == "type") or before.rstrip().endswith(",")
    )


def test_the_first_object_is_at_its_predicate_further_ones_at_themselves() -> None:
    graph, where = positions("@prefix : <http://e/> .\n:s :p 1 ,\n  2 ;\n :p 3 .")
    found = {
        value[0]: str(where((subject, predicate, value))) for subject, predicate, value in graph
    }
    assert found == {"1": "a.ttl:2:4", "2": "a.ttl:3:3", "3": "a.ttl:4:2"}


def test_a_subject_in_several_statements() -> None:
    _, where = positions("@prefix : <http://e/> .\n:s :p 1 .\n\n:s :q 2 .")
    assert str(where((Iri("http://e/s"),))) == "a.ttl:2:1"
    assert str(where((Iri("http://e/s"), Iri("http://e/q")))) == "a.ttl:4:4"


def test_trig_and_n_triples() -> None:
    _, where = positions(
        "<x:g> {\n <x:s> <x:p> [\n <x:q> 1 ] }\nGRAPH <x:h> { <x:t> a <x:c> }", "a.trig"
    )
    assert str(where((Iri("x:s"), Iri("x:p")))) == "a.trig:2:8"
    assert str(where((Iri("x:t"),))) == "a.trig:4:15"
    _, where = positions("<x:s> <x:p> _:b .\n_:b <x:q> <x:o> .", "a.nt")
    assert str(where((Iri("x:s"), Iri("x:p")))) == "a.nt:1:7"


def test_without_lines_there_is_the_file() -> None:
    _, where = positions('{"@id": "x:s", "x:p": 1}', "a.jsonld")
    assert str(where((Iri("x:s"), Iri("x:p")))) == "a.jsonld"
    assert where((Iri("x:other"),)) is None


@pytest.mark.parametrize("name", ["shapes.ttl", "knowledge.ttl", "shapes-v2.ttl"])
def test_every_triple_of_the_example_has_its_line(name: str) -> None:
    text = (EXAMPLE / name).read_text()
    graph, where = positions(text, name)
    for triple in graph:
        assert_written(text, triple, where)


TERMS = st.sampled_from([":a", ":b", "_:x", "1", '"t"', "[]", "()", "<http://e/i>"])


@st.composite
def objects(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0:
        return draw(TERMS)
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return "( " + " ".join(draw(st.lists(objects(depth - 1), max_size=3))) + " )"
    if kind == 1:
        return "[ " + draw(statements(depth - 1)) + " ]"
    return draw(TERMS)


@st.composite
def statements(draw: st.DrawFn, depth: int = 3) -> str:
    said = draw(
        st.lists(
            st.tuples(
                st.sampled_from([":p", ":q", "a"]), st.lists(objects(depth), min_size=1, max_size=3)
            ),
            min_size=1,
            max_size=3,
        )
    )
    # `a` takes no literal in no syntax of ours, but in RDF any term will do.
    return " ; ".join(f"{predicate} {' , '.join(values)}" for predicate, values in said)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([":s", ":t", "_:x", "[]", "[ :p 1 ]"]), statements()),
        min_size=1,
        max_size=4,
    )
)
def test_any_nesting_gives_a_line_to_every_triple(said: list[tuple[str, str]]) -> None:
    text = "@prefix : <http://e/> .\n" + "\n".join(f"{s} {rest} ." for s, rest in said)
    graph, where = positions(text)
    for triple in graph:
        source = where(triple)
        assert source is not None
        assert source.line is not None
        assert 2 <= source.line <= len(said) + 1
