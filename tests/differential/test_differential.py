"""Generated shapes and data: this product and an independent implementation report the same.

Compared are focus node, path, component and value of every result, as often as it is there.
Named below is where the two differ and what the specification says.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph
import pytest
import shacl

from differential.generate import PREFIXES, Pair
from flinkjobrunner.batch import java_command
from shacl2flink import Input, compile_shapes

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = 2000
COMPONENTS = 28  # of SHACL Core, but sh:property, which has no result of its own
SH = "http://www.w3.org/ns/shacl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_MAIN = "org.flinkjobrunner.validator.batch.ValidateSeveralMain"
Row = tuple[str, ...]


def rows(report: bytes) -> Counter[Row]:
    described: dict[object, dict[str, object]] = {}
    for quad in pyoxigraph.parse(report, format=pyoxigraph.RdfFormat.TURTLE):
        described.setdefault(quad.subject, {})[quad.predicate.value] = quad.object
    return Counter(
        (
            str(result[f"{SH}focusNode"]),
            path(result.get(f"{SH}resultPath")),
            str(result[f"{SH}sourceConstraintComponent"]),
            str(result.get(f"{SH}value")),
        )
        for result in described.values()
        if result.get(RDF_TYPE) == pyoxigraph.NamedNode(f"{SH}ValidationResult")
    )


def path(value: object) -> str:
    """Longer ones are compared by the W3C's suite."""
    return "longer" if isinstance(value, pyoxigraph.BlankNode) else str(value)


def ours(pairs: list[tuple[str, str]], folder: Path) -> list[Counter[Row]]:
    requests = []
    for number, (shapes, data) in enumerate(pairs):
        content = Input(name="shapes.ttl", content=shapes.encode())
        compilation = compile_shapes([content], numbers="json-ld")
        assert compilation.program is not None, (shapes, compilation.diagnostics)
        (folder / f"{number}.json").write_bytes(compilation.program)
        (folder / f"{number}.ttl").write_text(data)
        report, program, file = (f"{folder / str(number)}.{end}" for end in ("out", "json", "ttl"))
        requests.append([report, "--program", program, "--data", file, "--format", "turtle"])
    (folder / "requests").write_text("".join(json.dumps(request) + "\n" for request in requests))
    done = subprocess.run(
        java_command(_MAIN, ["jena"], [str(folder / "requests")]),
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [rows((folder / f"{number}.out").read_bytes()) for number in range(len(pairs))]


def theirs(shapes: str, data: str) -> Counter[Row]:
    return rows(shacl.Shapes.from_turtle(shapes).validate_turtle(data).turtle.encode())


@pytest.mark.timeout(600)
def test_an_independent_implementation_reports_the_same(tmp_path: Path) -> None:
    pairs = [Pair(seed) for seed in range(PAIRS)]
    reported = ours([(pair.shapes, pair.data) for pair in pairs], tmp_path)
    for seed, (pair, own) in enumerate(zip(pairs, reported, strict=True)):
        reference = theirs(pair.shapes, pair.data)
        assert own == reference, (
            f"seed {seed}\nmissing {reference - own}\nsurplus {own - reference}\n"
            f"{pair.shapes}\n{pair.data}"
        )
    found = sum(reported, Counter())
    assert found.total() > 5 * PAIRS, "the pairs violate too little to show anything"
    assert len({component for _, _, component, _ in found}) == COMPONENTS


def test_strings_with_a_language_have_no_order(tmp_path: Path) -> None:
    """SHACL compares as SPARQL's `<` does, whose table of operators has none for rdf:langString;
    a pair that cannot be compared is a violation. The other implementation orders them."""
    shapes = (
        PREFIXES + "ex:S sh:targetNode ex:n ; sh:property [ sh:path ex:p ; sh:lessThan ex:q ] ."
    )
    data = PREFIXES + 'ex:n ex:p "a"@en ; ex:q "b"@en .'
    assert [own.total() for own in ours([(shapes, data)], tmp_path)] == [1]
    assert theirs(shapes, data).total() == 0
