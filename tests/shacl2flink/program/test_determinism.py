"""The same inputs give the same bytes: order, names of blank nodes, files, hash seed."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shacl2flink import Input, compile_shapes

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "plant"
KNOWLEDGE_WITH_BLANKS = """
@prefix ex: <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:B ] ,
  [ a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom [ owl:unionOf ( ex:B ex:C ) ] ] .
ex:x ex:part [ ex:next [] ] , [ ex:next [] ] , [] , [] .
"""


def shuffled(content: bytes, seed: int) -> bytes:
    """The same graph as N-Triples in another order with other blank nodes."""
    rng = random.Random(seed)
    lines = []
    names: dict[str, ox.BlankNode] = {}
    for quad in ox.parse(content, ox.RdfFormat.TURTLE):
        subject, value = (
            names.setdefault(node.value, ox.BlankNode(f"r{rng.getrandbits(60):x}"))
            if isinstance(node, ox.BlankNode)
            else node
            for node in (quad.subject, quad.object)
        )
        lines.append(str(ox.Triple(subject, quad.predicate, value)) + " .")
    rng.shuffle(lines)
    return "\n".join(lines).encode()


def program(shapes: list[bytes], knowledge: list[bytes]) -> bytes:
    compilation = compile_shapes(
        [Input(name=f"s{n}.ttl", content=content) for n, content in enumerate(shapes)],
        [Input(name=f"k{n}.ttl", content=content) for n, content in enumerate(knowledge)],
    )
    assert compilation.program is not None, compilation.diagnostics
    return compilation.program


@pytest.mark.parametrize("seed", range(8))
def test_order_and_blank_nodes_of_the_example(seed: int) -> None:
    shapes = (EXAMPLE / "shapes.ttl").read_bytes()
    knowledge = (EXAMPLE / "knowledge.ttl").read_bytes()
    blanks = KNOWLEDGE_WITH_BLANKS.encode()
    expected = program([shapes], [knowledge, blanks])
    shuffled_shapes = shuffled(shapes, seed)
    assert program([shuffled_shapes], [shuffled(blanks, seed), knowledge]) == expected
    merged = shuffled(knowledge, seed) + b"\n" + shuffled(blanks, seed + 1)
    assert program([shuffled_shapes], [merged]) == expected


def test_the_order_of_files() -> None:
    one, other = (
        f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
        ex:{name} a sh:NodeShape ; sh:targetClass ex:C ;
          sh:property [ sh:path ex:p ; sh:minCount 1 ] .""".encode()
        for name in ("S", "T")
    )
    assert program([one, other], []) == program([other, one], []) == program([one + other], [])


NAMES = st.sampled_from(["a", "b", "c"])
CONSTRAINTS = st.sampled_from(
    ["sh:minCount 1", "sh:maxCount 2", "sh:nodeKind sh:IRI", "sh:class ex:K", "sh:in ( 1 2 )",
     "sh:hasValue 1", "sh:hasValue ex:v", 'sh:pattern "a"', 'sh:message "m"@en', "sh:minLength 2"]
)  # fmt: skip


@st.composite
def properties(draw: st.DrawFn, depth: int = 2) -> str:
    said = [f"sh:path ex:{draw(NAMES)}", *draw(st.lists(CONSTRAINTS, max_size=3, unique=True))]
    if depth:
        nested = draw(st.lists(properties(depth - 1), max_size=3))
        said += [f"sh:property {inner}" for inner in nested]
    return "[ " + " ; ".join(said) + " ]"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(properties(), min_size=1, max_size=3), min_size=1, max_size=3), st.integers()
)
def test_any_shapes(roots: list[list[str]], seed: int) -> None:
    text = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
    for number, nested in enumerate(roots):
        owned = "".join(f" ; sh:property {inner}" for inner in nested)
        subject = "[]" if number == 2 else f"ex:S{number}"
        text += f"{subject} a sh:NodeShape ; sh:targetClass ex:C{owned} .\n"
    content = text.encode()
    assert program([content], []) == program([shuffled(content, seed)], [])


def test_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; from shacl2flink import Input, compile_shapes;"
        "read = lambda p: Input(name=p, content=open(p, 'rb').read());"
        "found = compile_shapes([read(sys.argv[1])], [read(sys.argv[2]), read(sys.argv[3])]);"
        "print(found.digest)"
    )
    blanks = tmp_path / "blanks.ttl"
    blanks.write_text(KNOWLEDGE_WITH_BLANKS)
    arguments = [str(EXAMPLE / "shapes.ttl"), str(EXAMPLE / "knowledge.ttl"), str(blanks)]
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env={"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2", "4711")
    }
    assert len(digests) == 1
    assert digests.pop().startswith("sha256:")
