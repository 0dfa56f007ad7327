"""Compiles a job's inputs in a child process with limits, and says what the compiler found."""

from __future__ import annotations

import hashlib
import json
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flinkjobrunner.telemetry import redact
from flinkjobrunner.workflow.compiler import Compiler, CompilerTimeoutError
from flinkjobrunner.workflow.steps.base import StepError
from flinkjobrunner.workflow.validation_text import line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flinkjobrunner.workflow.inputs import ObtainedInput
    from flinkjobrunner.workflow.steps.base import Work

_CPU_SECONDS = 120
_WALL_SECONDS = 180
_MEMORY_BYTES = 4 * 1024**3
_LIMIT = 3  # the exit code of shacl2flink.child that tells of a limit


class ShapesRefusedError(StepError):
    """The compiler refuses the shapes; each diagnostic says what, where and what to do."""

    def __init__(self, diagnostics: tuple[dict[str, Any], ...]) -> None:
        errors = [one for one in diagnostics if one["severity"] == "error"]
        first = errors[0] if errors else {"message": "the compiler gives no reason"}
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(
            "shapes-refused",
            f"{first['message']}{more}",
            "The log has every diagnostic with its line and what to do.",
        )
        self.diagnostics = diagnostics


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """A program, and what else the compiler said. `sources` tells where each shape stands."""

    program: bytes
    digest: str
    diagnostics: tuple[dict[str, Any], ...]
    summary: dict[str, Any]
    sources: dict[str, Any]
    inputs_hash: str


def compile_inputs(work: Work, inputs: Sequence[ObtainedInput], *, stream: bool = True) -> Compiled:
    """`stream=False`: for a batch validation, which has the whole graph at hand."""
    if work.options.get("onUnsupported") == "skip":
        raise StepError(
            "skip-not-supported",
            "onUnsupported: skip is not supported yet; what cannot be run is refused",
            "Take the refused constraints out of the shapes, and leave the option out.",
        )
    result = _run(work, inputs)
    scopes = ("all", "stream") if stream else ("all",)
    diagnostics = tuple(
        _seen(diagnostic, demoted=diagnostic["scope"] not in scopes)
        for diagnostic in result["diagnostics"]
    )
    for diagnostic in diagnostics:
        work.say(line(diagnostic))
    program = _folder(work) / "program"
    if result["refusedInStream" if stream else "refused"] or not program.exists():
        raise ShapesRefusedError(diagnostics)
    summary = result["summary"]
    work.say(
        f"compiled: {summary['shapes']} shapes, {summary['constraints']} constraints,"
        f" {summary['knowledgeTriples']:,} triples of knowledge; program {result['digest'][:19]}"
    )
    return Compiled(
        program=program.read_bytes(),
        digest=result["digest"],
        diagnostics=diagnostics,
        summary=summary,
        sources=result["sources"],
        inputs_hash=_hash_of(inputs),
    )


def _seen(diagnostic: dict[str, Any], *, demoted: bool) -> dict[str, Any]:
    shown = {name: value for name, value in diagnostic.items() if name != "scope"}
    if demoted and shown["severity"] == "error":
        shown["severity"] = "warning"
    return shown


def _folder(work: Work) -> Path:
    return work.job_dir / "compiled"


def _run(work: Work, inputs: Sequence[ObtainedInput]) -> dict[str, Any]:
    folder = _folder(work)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in ("program", "result.json"):
        (folder / name).unlink(missing_ok=True)
    request = folder / "request.json"
    request.write_text(json.dumps(_request(work, inputs, folder)), encoding="utf-8")
    over = _child(work, request)
    if over is not None:
        return _limit(over)
    result: dict[str, Any] = json.loads((folder / "result.json").read_bytes())
    return result


def _request(work: Work, inputs: Sequence[ObtainedInput], folder: Path) -> dict[str, Any]:
    names = _names([one.source for one in inputs if one.kind != "data"])

    def documents(kind: str) -> list[dict[str, Any]]:
        return [
            {"name": names[one.source], "path": str(one.path), "mediaType": one.media_type}
            for one in inputs
            if one.kind == kind
        ]

    return {
        "shapes": documents("shacl"),
        "knowledge": documents("knowledge"),
        "contexts": {one.iri: str(one.path) for one in inputs if one.kind == "context"},
        "numbers": work.options.get("numbers", "declared"),
        "folder": str(folder),
        "cpuSeconds": _CPU_SECONDS,
        "memoryBytes": _MEMORY_BYTES,
    }


def _names(sources: Sequence[str]) -> dict[str, str]:
    """What diagnostics call the inputs: short where that is clear, never more than is public."""
    short = {source: name_of(source) for source in sources}
    often = Counter(short.values())
    return {
        source: name if often[name] == 1 else source.partition("://")[2] or source
        for source, name in short.items()
    }


def name_of(source: str) -> str:
    parts = urlsplit(source)
    return (PurePosixPath(parts.path).name if parts.netloc else "") or source


def _child(work: Work, request: Path) -> str | None:
    """Runs the compiler to its end, or to a limit: then which."""
    started = work.compiler
    with started if started and started.waits else Compiler(work.job_dir) as compiler:
        try:
            code, errors = compiler.run(request, seconds=_WALL_SECONDS)
        except CompilerTimeoutError:
            return f"they take more than {_WALL_SECONDS} s"
    return _outcome(code, redact(errors.decode("utf-8", "replace")))


def _outcome(code: int, errors: str) -> str | None:
    if code == 0:
        return None
    last = (errors.strip().splitlines() or [""])[-1][:500]
    if code == -signal.SIGXCPU:
        return f"they take more than {_CPU_SECONDS} s of processor time"
    if code < 0:
        name = signal.Signals(-code).name
        return f"the compiler was ended by {name}{': ' if last else ''}{last}"
    if code == _LIMIT:
        return last
    sys.stderr.write(errors)
    raise StepError(
        "internal-error",
        f"the compiler failed: {last or f'it ended with code {code}'}",
        "This is a fault of FlinkJobRunner; the log of the job has the traceback.",
    )


def _limit(over: str) -> dict[str, Any]:
    diagnostic = {
        "code": "limit",
        "severity": "error",
        "scope": "all",
        "shape": None,
        "term": None,
        "source": None,
        "message": f"the inputs are too large or too complex to be compiled: {over}",
        "hint": "split the shapes or the knowledge into several deployments",
        "section": None,
    }
    return {"diagnostics": [diagnostic], "refusedInStream": True, "refused": True}


def _hash_of(inputs: Sequence[ObtainedInput]) -> str:
    """Of what was compiled; sample data have no part in it."""
    lines = [f"{one.kind} {one.iri or ''} {one.sha256}" for one in inputs if one.kind != "data"]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
