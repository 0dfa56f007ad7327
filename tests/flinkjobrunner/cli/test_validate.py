"""`flinkjobrunner validate`: a contract with scripts; run as they run it, with the real JVM."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from flinkjobrunner import batch
from flinkjobrunner.cli.several import repeated
from flinkjobrunner.config import get_settings

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "plant"
SH = "http://www.w3.org/ns/shacl#"
EX = "https://example.org/"
PREFIXES = f"""\
@prefix sh: <{SH}> .
@prefix ex: <{EX}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix n: <https://uri.etsi.org/ngsi-ld/> .
"""
SHAPES = """\
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:speed ;
    sh:minCount 1 ; sh:maxInclusive 80 ; sh:severity sh:Warning ;
    sh:message "too fast"@en , "zu schnell"@de ] .
"""
CONFORMING = "ex:a a ex:C ; ex:speed 79.5 ."
VIOLATING = "ex:a a ex:C ; ex:speed 80.5 . ex:b a ex:C ."


class Files:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def turtle(self, name: str, body: str) -> str:
        return self.text(name, PREFIXES + body)

    def text(self, name: str, content: str) -> str:
        path = self._folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "flinkjobrunner", "validate", *arguments],
        env={**kept, "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def report(*arguments: str) -> tuple[int, dict[str, Any]]:
    finished = run(*arguments, "--format", "json")
    assert finished.stderr == ""
    content = json.loads(finished.stdout)
    assert set(content) == {"conforms", "results", "diagnostics"}
    return finished.returncode, content


def test_shapes_alone_are_fine(files: Files) -> None:
    shapes = files.turtle("s.ttl", SHAPES)
    finished = run("--shapes", shapes)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "The shapes are fine: 1 shape with targets" in finished.stdout
    assert "program sha256:" in finished.stdout
    code, content = report("--shapes", shapes)
    assert code == 0
    assert content == {"conforms": None, "results": [], "diagnostics": []}
    assert run("--shapes", shapes, "--format", "turtle").returncode == 0


def test_data_that_conform(files: Files) -> None:
    arguments = (
        "--shapes",
        files.turtle("s.ttl", SHAPES),
        "--data",
        files.turtle("d.ttl", CONFORMING),
    )
    finished = run(*arguments)
    assert (finished.returncode, finished.stdout) == (0, "The data conforms.\n")
    code, content = report(*arguments)
    assert (code, content["conforms"], content["results"]) == (0, True, [])


def test_results(files: Files) -> None:
    shapes, data = files.turtle("s.ttl", SHAPES), files.turtle("d.ttl", VIOLATING)
    code, content = report("--shapes", shapes, "--data", data)
    assert (code, content["conforms"]) == (1, False)
    by_focus = {result["focusNode"]: result for result in content["results"]}
    assert set(by_focus) == {EX + "a", EX + "b"}
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    assert by_focus[EX + "a"] == {
        "focusNode": EX + "a",
        "resultPath": f"<{EX}speed>",
        "value": {"@value": "80.5", "@type": decimal},
        "sourceShape": f"<{EX}S>/<{EX}speed>",
        "sourceConstraintComponent": SH + "MaxInclusiveConstraintComponent",
        "severity": SH + "Warning",
        "messages": [
            {"@value": "too fast", "@language": "en"},
            {"@value": "zu schnell", "@language": "de"},
        ],
    }
    assert by_focus[EX + "b"]["value"] is None


def test_text_for_people(files: Files) -> None:
    shapes, data = files.turtle("s.ttl", SHAPES), files.turtle("d.ttl", VIOLATING)
    finished = run("--shapes", shapes, "--data", data)
    assert (finished.returncode, finished.stderr) == (1, "")
    line = PREFIXES.count("\n") + 2
    assert (
        finished.stdout
        == f"""\
2 results at 2 nodes.

{EX}a
  Warning: speed  is 80.5 (decimal)
    too fast  @en
    zu schnell  @de
    MaxInclusive of <{EX}S>/<{EX}speed> ({shapes}:{line}:15)

{EX}b
  Warning: speed
    too fast  @en
    zu schnell  @de
    MinCount of <{EX}S>/<{EX}speed> ({shapes}:{line}:15)
"""
    )


def test_a_report_in_turtle(files: Files) -> None:
    from rdflib import Graph, URIRef

    arguments = ("--shapes", files.turtle("s.ttl", SHAPES), "--format", "turtle", "--data")
    finished = run(*arguments, files.turtle("d.ttl", VIOLATING))
    assert finished.returncode == 1
    graph = Graph().parse(data=finished.stdout, format="turtle")
    nodes = set(graph.objects(None, URIRef(SH + "focusNode")))
    assert nodes == {URIRef(EX + "a"), URIRef(EX + "b")}
    assert run(*arguments, files.turtle("d.ttl", CONFORMING)).returncode == 0


def test_options_repeat_and_take_several_files(files: Files) -> None:
    one = files.turtle("one.ttl", SHAPES)
    other = files.turtle("other.ttl", "ex:T a sh:NodeShape ; sh:targetClass ex:D ; sh:class ex:K .")
    knowledge = files.turtle("k.ttl", "ex:D rdfs:subClassOf ex:K .")
    first = files.turtle("1.ttl", "ex:a a ex:C .")
    second = files.turtle("2.ttl", "ex:d a ex:D .")
    code, content = report(
        "--shapes", one, other, "--knowledge", knowledge, "--data", first, second
    )
    assert code == 1
    assert [result["focusNode"] for result in content["results"]] == [EX + "a"]
    repeated_options = ("--shapes", one, "--shapes", other, "--data", first, "--data", second)
    code, content = report(*repeated_options)
    assert {result["focusNode"] for result in content["results"]} == {EX + "a", EX + "d"}


def test_refused_shapes(files: Files) -> None:
    shapes = files.turtle("s.ttl", "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n sh:closed 1 .")
    finished = run("--shapes", shapes, "--data", files.turtle("d.ttl", VIOLATING))
    assert (finished.returncode, finished.stdout) == (2, "")
    line = PREFIXES.count("\n") + 2
    assert finished.stderr.startswith(f"error[wrong-value] {shapes}:{line}:2\n")
    assert f"shape: {EX}S\n" in finished.stderr
    assert "see:   https://www.w3.org/TR/shacl/#ClosedConstraintComponent" in finished.stderr
    code, content = report("--shapes", shapes)
    assert code == 2
    (diagnostic,) = content["diagnostics"]
    assert set(diagnostic) == {
        "code", "severity", "shape", "term", "source", "message", "hint", "section",
    }  # fmt: skip
    assert diagnostic["source"] == {"file": shapes, "line": line, "column": 2}
    assert diagnostic["term"] == SH + "closed"


def test_what_only_a_stream_cannot_decide_is_a_warning_over_data(files: Files) -> None:
    shapes = files.turtle(
        "s.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ;"
        " sh:property [ sh:path n:hasObject ; sh:class ex:D ] ] .",
    )
    data = files.turtle(
        "d.ttl",
        "ex:a a ex:C ; ex:p [ n:hasObject ex:d ] . ex:d a ex:D ."
        " ex:b a ex:C ; ex:p [ n:hasObject ex:x ] .",
    )
    code, content = report("--shapes", shapes)
    assert (code, [d["severity"] for d in content["diagnostics"]]) == (2, ["error"])
    code, content = report("--shapes", shapes, "--data", data)
    assert code == 1
    assert [(d["code"], d["severity"]) for d in content["diagnostics"]] == [
        ("needs-other-entity", "warning")
    ]
    assert [result["value"] for result in content["results"]] == [{"@id": EX + "x"}]
    finished = run("--shapes", shapes, "--data", data)
    assert finished.stderr.startswith("warning[needs-other-entity]")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("d.ttl", "ex:a ex:b"),
        ("d.nt", "nonsense"),
        ("d.jsonld", '{"@id": 1'),
        ("d.ndjson", '{"id": "urn:x:1", "type": "T"}\n{"id":'),
        ("d.rdf", "<rdf:RDF/>"),
        ("d.ttl", "\x00\x01"),
    ],
)
def test_refused_data(files: Files, name: str, content: str) -> None:
    shapes = files.turtle("s.ttl", SHAPES)
    data = files.text(name, content)
    code, found = report("--shapes", shapes, "--data", data)
    assert code == 2
    assert found["conforms"] is None
    assert found["diagnostics"]
    for diagnostic in found["diagnostics"]:
        assert diagnostic["source"]["file"] == data
        assert diagnostic["message"]
    finished = run("--shapes", shapes, "--data", data)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("error[")


def test_a_file_that_is_not_there(files: Files) -> None:
    shapes = files.turtle("s.ttl", SHAPES)
    for arguments in (
        ("--shapes", "/nowhere/s.ttl"),
        ("--shapes", shapes, "--knowledge", "/nowhere/k.ttl"),
        ("--shapes", shapes, "--data", "/nowhere/d.ttl"),
        ("--shapes", shapes, "--context", f"{EX}c=/nowhere/c.jsonld"),
    ):
        code, content = report(*arguments)
        assert code == 2
        assert [d["code"] for d in content["diagnostics"]] == ["unreadable-file"]
        assert content["diagnostics"][0]["source"]["file"].startswith("/nowhere/")
    code, content = report("--shapes", shapes, "--context", "nonsense")
    assert (code, content["diagnostics"][0]["code"]) == (2, "bad-option")


@pytest.mark.parametrize("name", ["d.jsonld", "d.ndjson"])
def test_numbers(files: Files, name: str) -> None:
    shapes = files.turtle(
        "s.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property"
        " [ sh:path ex:p ; sh:property [ sh:path n:hasValue ; sh:datatype xsd:double ] ] .",
    )
    entity = {"id": "urn:x:1", "type": EX + "C", EX + "p": {"type": "Property", "value": 20.0}}
    data = files.text(name, json.dumps(entity) + "\n")
    arguments = ("--shapes", shapes, "--data", data)
    assert report(*arguments)[0] == 0
    assert report(*arguments, "--numbers", "double")[0] == 0
    assert report(*arguments, "--numbers", "json-ld")[0] == 1


def test_a_context_for_shapes_and_data(files: Files) -> None:
    context = files.text("c.jsonld", json.dumps({"@context": {"C": EX + "C", "p": EX + "p"}}))
    shapes = files.turtle("s.ttl", SHAPES.replace("ex:speed", "ex:p"))
    data = files.text(
        "d.jsonld", json.dumps({"@context": EX + "c", "@id": EX + "a", "@type": "C", "p": 81})
    )
    code, content = report("--shapes", shapes, "--data", data)
    assert code == 2, content
    code, content = report("--shapes", shapes, "--data", data, "--context", f"{EX}c={context}")
    assert code == 1
    assert [result["focusNode"] for result in content["results"]] == [EX + "a"]


def test_a_fault_of_the_installation_is_not_the_users(files: Files) -> None:
    arguments = (
        "--shapes", files.turtle("s.ttl", SHAPES), "--data", files.turtle("d.ttl", CONFORMING),
    )  # fmt: skip
    finished = run(*arguments, RUNNER_RUNTIME="/nowhere")
    assert (finished.returncode, finished.stdout) == (3, "")
    assert "/nowhere/validator.jar is missing: run `make build`" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_validation_that_takes_too_long_leaves_no_process(files: Files) -> None:
    from shacl2flink import Input, compile_shapes

    content = Path(files.turtle("s.ttl", SHAPES)).read_bytes()
    program = compile_shapes([Input(name="s.ttl", content=content)]).program
    assert program is not None
    data = Path(files.turtle("d.ttl", CONFORMING))
    with pytest.raises(batch.BatchError, match="took longer"):
        batch.validate(program, [data], timeout=0.01)
    assert str(data) not in commands_of_children()


def commands_of_children() -> str:
    import psutil

    commands: list[str] = []
    for child in psutil.Process().children(recursive=True):
        # One that has ended, of whatever test before, has no command any more.
        with suppress(psutil.NoSuchProcess):
            commands += child.cmdline()
    return " ".join(commands)


def test_java_command_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_RUNTIME", "/nowhere")
    get_settings.cache_clear()
    try:
        with pytest.raises(batch.BatchError, match=r"/nowhere/validator\.jar is missing"):
            batch.java_command("Main", ["flink"], [])
    finally:
        get_settings.cache_clear()


def test_java_command() -> None:
    command = batch.java_command("the.Main", ["jena"], ["--option", "value"], heap="64m")
    assert command[-3:] == ["the.Main", "--option", "value"]
    assert "-Xmx64m" in command
    assert "validator.jar" in command[command.index("-cp") + 1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--a", "1", "2", "--b", "x", "y"], ["--a", "1", "--a", "2", "--b", "x", "y"]),
        (["--a=1", "2"], ["--a=1", "--a", "2"]),
        (["--a", "1", "--a", "2"], ["--a", "1", "--a", "2"]),
        (["--a", "1", "--", "2"], ["--a", "1", "--", "2"]),
        (["--a", "1", "-x"], ["--a", "1", "--a", "-x"]),
        (["--b", "1", "2"], ["--b", "1", "2"]),
        (["--a"], ["--a"]),
        ([], []),
    ],
)
def test_several_values(given: list[str], expected: list[str]) -> None:
    assert repeated(given, {"--a"}) == expected


def test_usage() -> None:
    finished = run()
    assert finished.returncode == 2
    assert "--shapes" in finished.stderr
    help_text = run("--help").stdout
    for option in ("--shapes", "--knowledge", "--data", "--numbers", "--format", "--context"):
        assert option in help_text
