"""Promises of the compiler as a whole: pages that are current, speed, never an exception."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from shacl2flink import Input, cli, compile_shapes
from shacl2flink.rdf.vocab import SH
from shacl2flink.shapes.parameters import EVALUATED
from shacl2flink.shapes.refusals import ACCEPTED_TYPES, NON_VALIDATING, REFUSED

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
HEAD = b"@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <https://example.org/> .\n"


def test_the_support_matrix_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["support-matrix"]) == 0
    page = ROOT / "docs" / "reference" / "support.md"
    assert capsys.readouterr().out == page.read_text(encoding="utf-8"), (
        "python -m shacl2flink.cli support-matrix > docs/reference/support.md"
    )


def test_the_tables_do_not_contradict_each_other() -> None:
    evaluated = {term.removeprefix(SH) for term in EVALUATED}
    assert not evaluated & set(REFUSED)
    assert not evaluated & set(NON_VALIDATING)
    assert not set(NON_VALIDATING) & set(REFUSED)
    assert not ACCEPTED_TYPES & set(REFUSED)


def test_every_term_of_the_vocabulary_of_w3c_is_in_a_table() -> None:
    """rdflib has the terms of SHACL 1.0 as W3C published them."""
    from rdflib.namespace import SH as VOCABULARY

    nothing_to_say = {
        "AbstractResult", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRI",
        "IRIOrLiteral", "Info", "Literal", "NodeKind", "Violation", "Warning",
    }  # fmt: skip
    known = (
        {term.removeprefix(SH) for term in EVALUATED}
        | set(REFUSED)
        | set(NON_VALIDATING)
        | ACCEPTED_TYPES
        | nothing_to_say
    )
    published = {str(term).removeprefix(SH) for term in dir(VOCABULARY)}
    assert len(published) > 150
    unknown = {name for name in published - known if "ConstraintComponent" not in name}
    assert unknown == set()


def test_importing_is_quick_and_needs_no_heavy_library() -> None:
    code = (
        "import sys, time; start = time.perf_counter(); import shacl2flink;"
        "took = time.perf_counter() - start;"
        "heavy = {'pydantic', 'pyld', 'rdflib', 'typer'} & set(sys.modules);"
        "print(took, sorted(heavy))"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split(maxsplit=1)
        for _ in range(3)
    ]
    assert {answer[1].strip() for answer in answers} == {"[]"}
    assert min(float(answer[0]) for answer in answers) < 0.25


def many_shapes(number: int) -> bytes:
    return HEAD + b"".join(
        b"""ex:S%d a sh:NodeShape ; sh:targetClass ex:C%d ; sh:nodeKind sh:IRI ; sh:property
          [ sh:path ex:state ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:BlankNode ;
            sh:property [ sh:path ex:v ; sh:minCount 1 ; sh:pattern "^[a-z]+$" ] ] ,
          [ sh:path ex:speed ; sh:minCount 1 ;
            sh:property [ sh:path ex:v ; sh:minInclusive 0 ; sh:maxInclusive %d ] ] .\n"""
        % (n, n, n)
        for n in range(number)
    )


def test_a_thousand_shapes_compile_in_two_seconds() -> None:
    shapes = Input(name="s.ttl", content=many_shapes(1000))
    start = time.process_time()
    compilation = compile_shapes([shapes])
    assert time.process_time() - start < 2
    assert compilation.summary["shapes"] == 5000
    assert compilation.diagnostics == ()


def test_a_diagnostic_in_a_large_file_is_found_quickly() -> None:
    content = many_shapes(1000) + b"ex:S sh:targetClass ex:C ; sh:closed 1 ."
    start = time.process_time()
    (diagnostic,) = compile_shapes([Input(name="s.ttl", content=content)]).diagnostics
    assert time.process_time() - start < 4
    assert diagnostic.source is not None
    assert diagnostic.source.line == content.count(b"\n") + 1


TERMS = st.sampled_from(
    [f"sh:{name}" for name in [*(t.removeprefix(SH) for t in sorted(EVALUATED)), "not", "foo"]]
)
VALUES = st.sampled_from(
    ["1", "-1", "ex:a", "ex:S", "ex:T", "true", '"a"', '"["', '"a"@en', "[]", "()", "( 1 ex:a )",
     "_:x", "sh:IRI", "[ sh:path ex:p ]", "[ sh:inversePath ex:p ]",
     "[ sh:path ex:p ; sh:property _:x ]"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ex:S", "ex:T", "_:x", "[]"]),
            st.one_of(TERMS, st.just("a")),
            st.one_of(VALUES, st.sampled_from(["sh:NodeShape", "sh:PropertyShape"])),
        ),
        max_size=12,
    )
)
def test_nonsense_is_refused_and_never_raises(said: list[tuple[str, str, str]]) -> None:
    text = HEAD + "".join(f"{s} {p} {o} .\n" for s, p, o in said).encode()
    compilation = compile_shapes([Input(name="s.ttl", content=text)])
    assert (compilation.program is None) == compilation.refused(stream=False)
    for diagnostic in compilation.diagnostics:
        assert diagnostic.code == diagnostic.code.lower()
        assert diagnostic.hint
        assert diagnostic.document()["message"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["a.ttl", "a.nt", "a.trig", "a.jsonld", "a"]))
def test_bytes_never_raise(content: bytes, name: str) -> None:
    compilation = compile_shapes(
        [Input(name=name, content=content)], [Input(name=name, content=content)]
    )
    assert compilation.program is None
    assert compilation.refused(stream=False)
