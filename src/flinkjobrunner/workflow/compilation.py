"""Compiles a job's inputs in a child process with limits, and says what the compiler found."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flinkjobrunner.telemetry import redact
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flinkjobrunner.workflow.inputs import ObtainedInput
    from flinkjobrunner.workflow.steps.base import Work

_CPU_SECONDS = 120
_WALL_SECONDS = 180
_MEMORY_BYTES = 4 * 1024**3
_INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR")


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


def line(diagnostic: dict[str, Any]) -> str:
    """As compilers say it: where, how bad, what, its code, what to do."""
    source = diagnostic.get("source") or {}
    place = ":".join(str(source[part]) for part in ("file", "line", "column") if source.get(part))
    hint = f" ({diagnostic['hint']})" if diagnostic.get("hint") else ""
    where = f"{place}: " if place else ""
    return f"{where}{diagnostic['severity']}: {diagnostic['message']} [{diagnostic['code']}]{hint}"


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
    said = _child(request)
    try:
        result: dict[str, Any] = json.loads((folder / "result.json").read_bytes())
    except FileNotFoundError:
        return _limit(said)
    return result


def _request(work: Work, inputs: Sequence[ObtainedInput], folder: Path) -> dict[str, Any]:
    def documents(kind: str) -> list[dict[str, Any]]:
        return [
            {"name": _name(one.source), "path": str(one.path), "mediaType": one.media_type}
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


def _name(source: str) -> str:
    """What diagnostics call an input: short enough to read, and never more than is public."""
    return PurePosixPath(urlsplit(source).path).name or source


def _child(request: Path) -> str:
    """Runs the compiler to its end or to its limit; what it last said."""
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
        [sys.executable, "-m", "shacl2flink.child", str(request)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    try:
        _, errors = process.communicate(timeout=_WALL_SECONDS)
    except subprocess.TimeoutExpired:
        return f"it took more than {_WALL_SECONDS} s"
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode == -signal.SIGXCPU:
        return f"it took more than {_CPU_SECONDS} s of processor time"
    words = errors.decode("utf-8", "replace").strip().splitlines()
    return redact(words[-1][:500]) if words else f"it ended with code {process.returncode}"


def _limit(said: str) -> dict[str, Any]:
    diagnostic = {
        "code": "limit",
        "severity": "error",
        "scope": "all",
        "shape": None,
        "term": None,
        "source": None,
        "message": f"the inputs are too large or too complex to be compiled: {said}",
        "hint": "split the shapes or the knowledge into several deployments",
        "section": None,
    }
    return {"diagnostics": [diagnostic], "refusedInStream": True, "refused": True}


def _hash_of(inputs: Sequence[ObtainedInput]) -> str:
    lines = [f"{one.kind} {one.iri or ''} {one.sha256}" for one in inputs]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
