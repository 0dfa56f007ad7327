"""Compiling in a child process: what comes out, what is said, and that no input takes us along."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.workflow import compilation, compiler
from flinkjobrunner.workflow.compilation import Compiled, ShapesRefusedError, compile_inputs
from flinkjobrunner.workflow.inputs import ObtainedInput
from flinkjobrunner.workflow.process import start_time
from flinkjobrunner.workflow.steps.base import StepError
from shacl2flink import Input, compile_shapes
from support.plant import PREFIXES, shapes
from support.service import until

if TYPE_CHECKING:
    from flinkjobrunner.workflow.inputs import Kind
    from support.work import Job

SOURCE = "https://store.example/plant/shapes.ttl"
SPEED = "https://example.org/speedShape"
UNBOUNDED = PREFIXES + (
    "ex:S a sh:NodeShape ; sh:targetClass ex:Cutter ; sh:property [ sh:path ex:speed ;"
    " sh:property [ sh:path ngsi-ld:hasValue ; sh:expression ex:e ; sh:minCount 1 ] ] ."
)
BROKEN = PREFIXES + "ex:S a sh:NodeShape ;\n  sh:targetClass ."


def given(
    folder: Path,
    text: str,
    *,
    kind: Kind = "shacl",
    source: str = SOURCE,
    iri: str | None = None,
    media_type: str | None = None,
) -> ObtainedInput:
    content = text.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / f"{kind}-{sha256[:8]}"
    path.write_bytes(content)
    return ObtainedInput(
        kind=kind,
        source=source,
        iri=iri,
        path=path,
        sha256=sha256,
        media_type=media_type,
        size=len(content),
    )


def refused(job: Job, *inputs: ObtainedInput, stream: bool = True) -> tuple[dict[str, Any], ...]:
    with pytest.raises(ShapesRefusedError) as caught:
        compile_inputs(job.work(), inputs, stream=stream)
    assert caught.value.code == "shapes-refused"
    assert caught.value.hint
    return caught.value.diagnostics


def limit(job: Job, *inputs: ObtainedInput) -> str:
    (diagnostic,) = refused(job, *inputs)
    assert diagnostic["code"] == "limit"
    assert "Traceback" not in job.log
    assert "[limit]" in job.log
    return str(diagnostic["message"])


def test_a_program_as_the_compiler_makes_it(job: Job, tmp_path: Path) -> None:
    text = shapes("speed", "heat")
    knowledge = PREFIXES + "ex:Cutter a ex:Kind . ex:Laser a ex:Kind ."
    inputs = [given(tmp_path, text), given(tmp_path, knowledge, kind="knowledge")]
    made = compile_inputs(job.work(), inputs)
    direct = compile_shapes(
        [Input(name="shapes.ttl", content=text.encode())],
        [Input(name="knowledge.ttl", content=knowledge.encode())],
    )
    assert isinstance(made, Compiled)
    assert (made.program, made.digest) == (direct.program, direct.digest)
    assert made.summary == direct.summary
    assert made.diagnostics == ()
    assert made.sources == {label: one.document() for label, one in direct.sources().items()}
    assert made.sources[SPEED] == {"file": "shapes.ttl", "line": 7, "column": 9}
    assert job.lines[-1].startswith("compiled: ")
    assert made.digest[:19] in job.lines[-1]


def test_options_and_contexts_reach_the_compiler(job: Job, tmp_path: Path) -> None:
    context = json.dumps({"@context": {"sh": "http://www.w3.org/ns/shacl#", "ex": "https://e/"}})
    document = json.dumps(
        {
            "@context": "https://example.org/context.jsonld",
            "@id": "ex:S",
            "@type": "sh:NodeShape",
            "sh:targetClass": {"@id": "ex:C"},
        }
    )
    inputs = [
        given(tmp_path, document, media_type="application/ld+json"),
        given(tmp_path, context, kind="context", iri="https://example.org/context.jsonld"),
    ]
    made = compile_inputs(job.work(options={"numbers": "double"}), inputs)
    assert json.loads(made.program)["numbers"] == "double"
    assert list(made.summary["roots"]) == ["https://e/S"]


def test_the_hash_is_of_what_was_compiled(job: Job, tmp_path: Path) -> None:
    one, other = given(tmp_path, shapes("speed")), given(tmp_path, shapes("speed") + "# more")
    data = given(tmp_path, "", kind="data")
    hashes = [
        compile_inputs(job.work(), inputs).inputs_hash for inputs in ([one], [one, data], [other])
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_refusal_is_said_as_compilers_say_it(job: Job, tmp_path: Path) -> None:
    diagnostics = refused(job, given(tmp_path, BROKEN))
    (diagnostic,) = diagnostics
    assert diagnostic["source"] == {"file": "shapes.ttl", "line": 7, "column": 18}
    assert "scope" not in diagnostic
    assert job.lines[0].startswith("shapes.ttl:7:18: error: ")
    assert f"[{diagnostic['code']}]" in job.lines[0]
    assert str(tmp_path) not in job.log


def test_each_diagnostic_has_a_line_and_the_error_counts_them(job: Job, tmp_path: Path) -> None:
    with pytest.raises(ShapesRefusedError) as caught:
        compile_inputs(job.work(), [given(tmp_path, UNBOUNDED + UNBOUNDED.replace("ex:S", "ex:T"))])
    found = caught.value.diagnostics
    assert len(found) == len(job.lines) > 1
    errors = [one for one in found if one["severity"] == "error"]
    assert caught.value.message.startswith(errors[0]["message"])
    assert (f"(and {len(errors) - 1} more)" in caught.value.message) == (len(errors) > 1)


def test_inputs_of_the_same_name_are_told_apart(job: Job, tmp_path: Path) -> None:
    places = []
    for source in (SOURCE, "https://store.example/other/shapes.ttl"):
        inputs = [
            given(tmp_path, shapes("speed"), source="https://store.example/third/shapes.ttl"),
            given(tmp_path, BROKEN, source=source),
        ]
        places += [one["source"]["file"] for one in refused(job, *inputs) if one["source"]]
    assert places == ["store.example/plant/shapes.ttl", "store.example/other/shapes.ttl"]


@pytest.mark.parametrize("source", ["input:0123456789ab", "https://store.example/", "https://h"])
def test_a_source_without_a_last_part_is_named_whole(job: Job, tmp_path: Path, source: str) -> None:
    (diagnostic,) = refused(job, given(tmp_path, BROKEN, source=source, media_type="text/turtle"))
    assert diagnostic["source"]["file"] == source


def test_what_only_a_stream_cannot_do_is_a_warning_for_a_batch(job: Job, tmp_path: Path) -> None:
    text = PREFIXES + (
        "ex:S a sh:NodeShape ; sh:targetClass ex:Cutter ;"
        " sh:property [ sh:path ex:partOf ; sh:minCount 1 ;"
        " sh:property [ sh:path ngsi-ld:hasObject ; sh:class ex:Plant ] ] ."
    )
    direct = compile_shapes([Input(name="shapes.ttl", content=text.encode())])
    assert direct.refused()
    assert not direct.refused(stream=False)
    assert "error" in {one["severity"] for one in refused(job, given(tmp_path, text))}
    made = compile_inputs(job.work(), [given(tmp_path, text)], stream=False)
    assert made.program == direct.program
    assert [one["severity"] for one in made.diagnostics] == ["warning"]
    assert ": warning: " in job.lines[0]
    assert "[needs-other-entity]" in job.lines[0]


def test_skipping_is_refused_by_name(job: Job, tmp_path: Path) -> None:
    work = job.work(options={"onUnsupported": "skip"})
    with pytest.raises(StepError) as caught:
        compile_inputs(work, [given(tmp_path, shapes("speed"))])
    assert caught.value.code == "skip-not-supported"
    assert caught.value.hint


def test_a_result_of_an_earlier_attempt_is_not_taken_for_this_one_s(
    job: Job, tmp_path: Path
) -> None:
    first = compile_inputs(job.work(), [given(tmp_path, shapes("speed"))])
    refused(job, given(tmp_path, BROKEN))
    again = compile_inputs(job.work(), [given(tmp_path, shapes("heat"))])
    assert again.program != first.program


# What the child is made to do in place of compiling, through a module of that name found first.
CHILDREN = {
    "recursion": "def f(): f()\nf()",
    "memory": "x = bytearray(1 << 40)",
    "much memory": "x = [bytes(1 << 20) for _ in range(1 << 20)]",
    "processor": "while True: pass",
    "wall": "import time; time.sleep(600)",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "aborted": "import os; os.write(2, b'memory allocation of 64 bytes failed\\n'); os.abort()",
    "crashed": "import ctypes; ctypes.string_at(0)",
}


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Replaces the compiler in the child by this code; all around it is the real thing."""

    def replace(code: str) -> None:
        fake = tmp_path / "child.py"
        body = "".join(f"    {line}\n" for line in code.splitlines())
        fake.write_text(
            "from shacl2flink import child\n"
            f"def compile(request):\n{body}"
            "child._compile = compile\nraise SystemExit(child.main())\n"
        )
        wrapper = tmp_path / "python"
        wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "$@"\n')
        wrapper.chmod(0o755)
        monkeypatch.setattr(compilation.sys, "executable", str(wrapper))

    return replace


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("recursion", "nested too deeply"),
        ("memory", "more than 300 MiB of memory"),
        ("much memory", "more than 300 MiB of memory"),
        ("processor", "more than 1 s of processor time"),
        ("wall", "more than 2 s"),
        ("killed", "ended by SIGKILL"),
        ("aborted", "ended by SIGABRT: memory allocation of 64 bytes failed"),
        ("crashed", "ended by SIGSEGV"),
    ],
)
def test_whatever_limit_is_met_it_is_a_diagnostic(
    job: Job,
    tmp_path: Path,
    instead: Any,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    message: str,
) -> None:
    instead(CHILDREN[what])
    monkeypatch.setattr(compilation, "_MEMORY_BYTES", 300 << 20)
    monkeypatch.setattr(compilation, "_CPU_SECONDS", 1 if what == "processor" else 60)
    monkeypatch.setattr(compilation, "_WALL_SECONDS", 2 if what == "wall" else 60)
    assert message in limit(job, given(tmp_path, shapes("speed")))


def test_a_fault_of_the_compiler_is_not_called_a_limit(
    job: Job, tmp_path: Path, instead: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    instead("raise KeyError('https://store.example/x?X-Amz-Signature=SECRET0123456789')")
    with pytest.raises(StepError) as caught:
        compile_inputs(job.work(), [given(tmp_path, shapes("speed"))])
    assert caught.value.code == "internal-error"
    assert "KeyError" in caught.value.message
    errors = capsys.readouterr().err
    assert "Traceback" in errors
    assert "SECRET" not in errors + caught.value.message


def test_the_child_knows_of_nothing_but_its_job(
    job: Job, tmp_path: Path, instead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNNER_DATABASE_URL", "postgresql://user:SECRET@db/x")
    monkeypatch.setenv("RUNNER_TOKEN", "SECRET")
    instead(
        "import os, sys; from shacl2flink import child\n"
        "child._over = lambda _: sys.stderr.write(','.join(sorted(os.environ))) and child.LIMIT\n"
        "raise MemoryError"
    )
    message = limit(job, given(tmp_path, shapes("speed")))
    names = set(message.rpartition(": ")[2].split(","))
    assert {"JOB_DIR", "PATH", "PYTHONPATH"} <= names
    assert not any(name.startswith(("RUNNER_", "FLINKJOBRUNNER_")) for name in names)


def test_an_interrupted_step_leaves_no_child(
    job: Job, tmp_path: Path, instead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "pid"
    instead(f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    popen = compiler.subprocess.Popen

    class Interrupted(popen):  # type: ignore[misc, valid-type]
        def communicate(self, *arguments: Any, **named: Any) -> Any:
            if self.poll() is None and "timeout" in named:
                self.stdin.write(arguments[0])
                self.stdin.flush()
                until(lambda: mark.exists() and mark.read_text())
                raise KeyboardInterrupt
            return super().communicate(*arguments, **named)

    monkeypatch.setattr(compiler.subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        compile_inputs(job.work(), [given(tmp_path, shapes("speed"))])
    assert start_time(int(mark.read_text())) is None


# Small files that ask for much, as somebody would send them.
BOMBS = {
    "nested blank nodes": PREFIXES + "ex:a ex:b " + "[ ex:b " * 50_000 + "1" + " ]" * 50_000 + " .",
    "nested lists": PREFIXES + "ex:a ex:b " + "(" * 50_000 + ")" * 50_000 + " .",
    "nested JSON": '{"@id": "x", "https://e/p": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "nested shapes": PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property "
    + "[ sh:path ex:p ; sh:property " * 900 + "[ sh:path ex:p ]" + " ]" * 900 + " .",
    "a circle of shapes": PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:T ."
    " ex:T a sh:NodeShape ; sh:node ex:S .",
    "a circle of a list": PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:in ex:l ."
    " ex:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ;"
    " <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> ex:l .",
    "a long literal": PREFIXES + f'ex:a ex:b "{"x" * 5_000_000}" .',
    "a catastrophic pattern": PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:C ;"
    ' sh:property [ sh:path ex:p ; sh:pattern "^(a+)+$" ; sh:flags "xqz" ] .',
    "blank nodes that look alike": PREFIXES
    + "".join(f"_:n{n} ex:p _:n{(n + 1) % 300} , _:n{(n + 7) % 300} .\n" for n in range(300)),
    "no text": "\0\xff\ufeff",
    "XML": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_is_refused_or_harmless(job: Job, tmp_path: Path, name: str) -> None:
    media_type = "application/ld+json" if "JSON" in name else "text/turtle"
    one = given(tmp_path, BOMBS[name], media_type=media_type)
    found: tuple[dict[str, Any], ...] = ()
    try:
        made = compile_inputs(job.work(), [one])
    except ShapesRefusedError as error:
        found = error.diagnostics
    else:
        assert made.program
    # None of them is stopped by the process's limits: the compiler knows them all by name.
    assert "limit" not in {each["code"] for each in found}
    assert all(each["code"] and each["message"] for each in found)
    assert "Traceback" not in job.log


def test_the_child_s_start_up_costs_little(job: Job, tmp_path: Path) -> None:
    """It is on the way of a new program to a running job: no part of the service is loaded."""
    code = (
        "import sys, shacl2flink.child, shacl2flink\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in"
        " ('flinkjobrunner', 'pydantic', 'rdflib', 'flask', 'httpx2', 'sqlalchemy', 'asyncio')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(compilation.__file__).parents[2]), "PATH": os.defpath},
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout == "[]\n"
