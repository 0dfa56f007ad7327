"""Runs the evaluator of the Flink job over files, in a JVM of its own with limits.

There is one implementation of SHACL in the product, and it is Java. What needs it outside
of Flink starts it here: as a child process with a bounded heap and bounded time, so that
no input can take the caller down with it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from flinkjobrunner.backends.local import java
from flinkjobrunner.backends.local.layout import StackError
from flinkjobrunner.backends.local.process import minimal_environment
from flinkjobrunner.config import get_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

_PACKAGE = "org.flinkjobrunner.validator.batch"
MAIN = f"{_PACKAGE}.ValidateMain"
REPLAY_MAIN = f"{_PACKAGE}.ReplayMain"
HEAP = "1g"
TIMEOUT_SECONDS = 600.0
_LAST_WORDS = 2000

ReportFormat = Literal["json", "turtle"]


class BatchError(Exception):
    """The validation could not be run, through no fault of its input; the text says why."""


@dataclass(frozen=True, kw_only=True)
class BatchReport:
    """`output` is the report, unless the data were refused: then `diagnostics` say why."""

    conforms: bool
    output: str
    diagnostics: tuple[dict[str, Any], ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.diagnostics)


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """`output` has a line per transition; `errors` tells of records that were set aside."""

    output: str
    errors: str = ""
    diagnostics: tuple[dict[str, Any], ...] = ()


def java_command(
    main: str,
    classpath_dirs: Sequence[str],
    args: Sequence[str],
    *,
    heap: str = HEAP,
    options: Sequence[str] = (),
) -> list[str]:
    """The command line of a program of the validator; `classpath_dirs` such as `jena`, `flink`."""
    runtime = get_settings().runtime
    jar = runtime / "validator.jar"
    folders = [runtime / name for name in classpath_dirs]
    missing = [path for path in (jar, *folders) if not path.exists()]
    if missing:
        raise BatchError(
            f"{missing[0]} is missing: run `make build` in the checkout, or set RUNNER_RUNTIME"
            " to the folder with the jars"
        )
    try:
        program = java.find().program
    except StackError as error:
        raise BatchError(str(error)) from None
    class_path = os.pathsep.join([str(jar), *(str(folder / "*") for folder in folders)])
    return [
        str(program),
        f"-Xmx{heap}",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=4",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8",
        "-Dstdout.encoding=UTF-8",
        *options,
        "-cp",
        class_path,
        main,
        *args,
    ]


def validate(
    program: bytes,
    data: Sequence[Path],
    *,
    report: ReportFormat = "json",
    timeout: float = TIMEOUT_SECONDS,
) -> BatchReport:
    """Validate files against a program; its `numbers` say how JSON numbers are read."""
    with tempfile.TemporaryDirectory(prefix="flinkjobrunner-") as folder:
        file = Path(folder, "program.json")
        file.write_bytes(program)
        arguments = ["--program", str(file), "--format", report]
        for path in data:
            arguments += ["--data", str(path)]
        code, output, errors = _run(java_command(MAIN, ["jena"], arguments), timeout)
    if code in (0, 1):
        return BatchReport(conforms=code == 0, output=output)
    return BatchReport(conforms=False, output="", diagnostics=_refusal(code, output, errors))


def replay(
    program: bytes, changes: Path, source: str, *, final: bool, timeout: float = TIMEOUT_SECONDS
) -> Replayed:
    """Run the job's graph over a recording; `source` is the family whose form it has."""
    with tempfile.TemporaryDirectory(prefix="flinkjobrunner-") as folder:
        file = Path(folder, "program.json")
        file.write_bytes(program)
        arguments = ["--program", str(file), "--changes", str(changes), "--source", source]
        if final:
            arguments += ["--final", "true"]
        command = java_command(
            REPLAY_MAIN,
            ["flink", "jena"],
            arguments,
            options=(*java.FLINK_MODULES, f"-Djava.io.tmpdir={folder}"),
        )
        code, output, errors = _run(command, timeout)
    if code == 0:
        return Replayed(output=output, errors=_about_records(errors))
    return Replayed(output="", errors="", diagnostics=_refusal(code, output, errors))


def _about_records(errors: str) -> str:
    """Flink and Jena each bring a binding of SLF4J, which it tells everybody, to no purpose."""
    lines = errors.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("SLF4J: "))


def _refusal(code: int, output: str, errors: str) -> tuple[dict[str, Any], ...]:
    """Why the input was refused; anything else is no fault of the input."""
    if code == 2:
        with suppress(ValueError, KeyError, TypeError):
            diagnostics = tuple(json.loads(output)["diagnostics"])
            if diagnostics:
                return diagnostics
    raise BatchError(_ended(code, errors))


def _ended(code: int, errors: str) -> str:
    if "OutOfMemoryError" in errors:
        return f"the validation needs more memory than {HEAP}: validate fewer files at a time"
    words = errors.strip()[-_LAST_WORDS:] or "it said nothing"
    return f"the validation ended with code {code}: {words}"


def _mark() -> dict[str, str]:
    """By which a job's next attempt finds what a killed one has left running."""
    return {name: os.environ[name] for name in ("JOB_DIR",) if name in os.environ}


def _run(command: list[str], timeout: float) -> tuple[int, str, str]:
    """The exit code and what was written; the process group never outlives the call."""
    process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=minimal_environment() | _mark(),
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise BatchError(
            f"the validation took longer than {timeout:.0f} s: validate fewer files at a time"
        ) from None
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return process.returncode, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")
