"""The cases of the W3C test suite and of DASH, and one run of the product over all of them.

A case is a shapes graph, a data graph and the report that is expected. Cases and reports
stand in one file, so the case's own description is taken out of the shapes graph; the
data graph is the file as it is.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

import rdflib
from rdflib import RDF, BNode, Namespace, URIRef
from rdflib.collection import Collection

from flinkjobrunner.batch import java_command
from shacl2flink import Input, compile_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "w3c"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SH = Namespace("http://www.w3.org/ns/shacl#")
DASH = Namespace("http://datashapes.org/dash#")
_MAIN = "org.flinkjobrunner.validator.batch.ValidateSeveralMain"
# A report refers to these nodes, but does not describe them.
_REFERRING = {SH.focusNode, SH.value, SH.sourceShape, SH.sourceConstraintComponent}


@dataclass(frozen=True, kw_only=True)
class Case:
    name: str
    shapes: Path
    data: Path
    expected: rdflib.Graph


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`refused` says why there is no report."""

    report: rdflib.Graph | None
    refused: str = ""


def w3c_cases() -> list[Case]:
    _require()
    return sorted(_included(FOLDER / "sht_tests" / "core" / "manifest.ttl"), key=lambda c: c.name)


def dash_cases() -> list[Case]:
    _require()
    return [
        Case(
            name=str(file.relative_to(FOLDER).with_suffix("")),
            shapes=file,
            data=file,
            expected=_report(graph, report),
        )
        for file in sorted((FOLDER / "dash_tests" / "core").rglob("*.ttl"))
        for graph in [_read(file)]
        for report in graph.objects(None, DASH.expectedResult)
    ]


def _require() -> None:
    assert FOLDER.exists(), f"{FOLDER} is missing: run `make environment`"


def _included(manifest: Path) -> Iterator[Case]:
    graph = _read(manifest)
    for included in graph.objects(None, MF.include):
        yield from _included(_path(included))
    for entries in graph.objects(None, MF.entries):
        for test in Collection(graph, entries):
            if graph.value(test, MF.status) != SHT.approved:
                continue
            action = graph.value(test, MF.action)
            result = graph.value(test, MF.result)
            assert result is not None
            yield Case(
                name=str(_path(test).relative_to(FOLDER / "sht_tests")),
                shapes=_path(graph.value(action, SHT.shapesGraph)),
                data=_path(graph.value(action, SHT.dataGraph)),
                expected=_report(graph, result),
            )


def _path(iri: Node | None) -> Path:
    assert isinstance(iri, URIRef)
    return Path(unquote(urlparse(iri).path))


def _read(file: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(file, format="turtle", publicID=file.as_uri())


def _report(graph: rdflib.Graph, report: Node) -> rdflib.Graph:
    """The report and what only it describes: results, and the paths in them."""
    found = rdflib.Graph()
    waiting = [report]
    while waiting:
        node = waiting.pop()
        for predicate, value in graph.predicate_objects(node):
            if (node, predicate, value) in found:
                continue
            found.add((node, predicate, value))
            if isinstance(value, BNode) and predicate not in _REFERRING:
                waiting.append(value)
    return found


def _shapes(file: Path) -> bytes:
    """The shapes graph without the description of the case."""
    graph = _read(file)
    described: list[Node] = [
        *graph.objects(None, MF.result),
        *graph.objects(None, DASH.expectedResult),
    ]
    for node in described:
        for triple in _report(graph, node):
            graph.remove(triple)
    for node in [*graph.subjects(MF.entries, None), *graph.subjects(MF.status, None)]:
        graph.remove((node, None, None))
    for node in graph.subjects(DASH.expectedResult, None):
        graph.remove((node, None, None))
    # What is imported is a library of constraint components, of which Core needs nothing.
    graph.remove((None, rdflib.OWL.imports, None))
    return graph.serialize(format="nt").encode()


def run(cases: list[Case], folder: Path) -> dict[str, Outcome]:
    """Compiles each case and evaluates all in one JVM, which takes longer to start than they do."""
    outcomes: dict[str, Outcome] = {}
    requests: list[list[str]] = []
    names: list[str] = []
    for number, case in enumerate(cases):
        content = _shapes(case.shapes)
        compilation = compile_shapes([Input(name="shapes.nt", content=content)], numbers="json-ld")
        if compilation.program is None or compilation.refused(stream=False):
            reasons = (f"{d.code}: {d.message}" for d in compilation.diagnostics)
            outcomes[case.name] = Outcome(report=None, refused="; ".join(reasons))
            continue
        program = folder / f"{number}.json"
        program.write_bytes(compilation.program)
        arguments = ["--program", str(program), "--data", str(case.data), "--format", "turtle"]
        requests.append([str(folder / f"{number}.ttl"), *arguments])
        names.append(case.name)
    codes = _evaluate(requests, folder / "requests")
    for name, request, code in zip(names, requests, codes, strict=True):
        text = Path(request[0]).read_text()
        outcomes[name] = (
            Outcome(report=rdflib.Graph().parse(data=text, format="turtle"))
            if code in (0, 1)
            else Outcome(report=None, refused=text or f"exit code {code}")
        )
    return outcomes


def _evaluate(requests: list[list[str]], file: Path) -> list[int]:
    file.write_text("".join(json.dumps(request) + "\n" for request in requests))
    done = subprocess.run(
        java_command(_MAIN, ["jena"], [str(file)]),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [int(code) for code in done.stdout.split()]


def comparable(report: rdflib.Graph, expected: rdflib.Graph) -> rdflib.Graph:
    """Without messages, unless the case has some: they are free text."""
    if (None, SH.resultMessage, None) in expected:
        return report
    without = rdflib.Graph()
    for triple in report:
        if triple[1] != SH.resultMessage:
            without.add(triple)
    return without


def conforms(report: rdflib.Graph) -> bool:
    node = report.value(predicate=RDF.type, object=SH.ValidationReport)
    return bool(report.value(node, SH.conforms))
