"""The Java that runs Kafka and Flink, and the class archives that let its programs start fast.

Half of a JVM program's start is loading classes. An archive of the loaded classes
(AppCDS) saves most of that. It is written by the running program itself, in the
background, once it has been at work; a later start of the same program with the same
Java and the same jars uses it. An archive that does not fit is ignored by the JVM.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from flinkjobrunner.backends.local.layout import StackError
from flinkjobrunner.backends.local.process import minimal_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

MINIMUM = 17
# Flink serializes through reflection into these packages; its own start scripts open them too.
FLINK_MODULES = (
    "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
    "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
    *(
        f"--add-opens=java.base/{package}=ALL-UNNAMED"
        for package in (
            "java.lang",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.text",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks",
            "sun.nio.ch",
        )
    ),
)


@dataclass(frozen=True, kw_only=True)
class Java:
    program: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def jcmd(self) -> Path | None:
        """The tool that asks a JVM for an archive; a bare runtime (JRE) has none."""
        beside = self.program.resolve().with_name("jcmd")
        return beside if beside.exists() else None


def find() -> Java:
    """The Java of JAVA_HOME, else of the PATH; refused when there is none or it is too old."""
    home = os.environ.get("JAVA_HOME")
    beside_home = Path(home, "bin", "java") if home else None
    on_path = shutil.which("java")
    if beside_home and beside_home.exists():
        program = beside_home
    elif on_path:
        program = Path(on_path)
    else:
        raise StackError(
            f"No Java found: install a JDK {MINIMUM} or newer, or set JAVA_HOME to one."
        )
    java = Java(program=program, version=_version(program))
    if java.major < MINIMUM:
        raise StackError(
            f"{program} is Java {java.version}, but {MINIMUM} or newer is needed: "
            f"install a JDK {MINIMUM}, or set JAVA_HOME to one."
        )
    return java


def _version(program: Path) -> str:
    """From the `release` file beside the program, which saves starting a JVM; else from the JVM."""
    release = program.resolve().parent.parent / "release"
    text = release.read_text(encoding="utf-8") if release.exists() else ""
    found = re.search(r'^JAVA_VERSION="([^"]+)"', text, re.MULTILINE)
    if not found:
        answer = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            [program, "-version"], capture_output=True, text=True, timeout=30, check=False
        )
        found = re.search(r'version "([^"]+)"', answer.stderr)
    if not found:
        raise StackError(f"{program} does not say which Java it is: set JAVA_HOME to a JDK.")
    return found[1].removeprefix("1.")  # before Java 9 the version was 1.8.0


@dataclass(frozen=True, kw_only=True)
class Program:
    """A Java program: its main class, its jars and how its JVM is set up."""

    name: str
    main_class: str
    jars: Sequence[Path]
    jvm: Sequence[str] = ()
    arguments: Sequence[str] = ()

    @property
    def class_path(self) -> str:
        return os.pathsep.join(str(jar) for jar in self.jars)


class Archive:
    """The class archive of one program, for exactly this Java, these jars and this JVM set-up."""

    def __init__(self, folder: Path, java: Java, program: Program) -> None:
        key = hashlib.sha256()
        for part in (str(java.program.resolve()), java.version, *program.jvm, program.main_class):
            key.update(part.encode() + b"\0")
        for jar in program.jars:
            status = jar.stat()
            key.update(f"{jar}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
        self._java = java
        self.path = folder / f"{program.name}-{key.hexdigest()[:16]}.jsa"

    def exists(self) -> bool:
        return self.path.exists()

    def options(self) -> tuple[str, ...]:
        if self.exists():
            quiet = ("-Xlog:cds=off", "-Xlog:cds+dynamic=off")
            return (f"-XX:SharedArchiveFile={self.path}", "-Xshare:auto", *quiet)
        return ("-XX:+RecordDynamicDumpInfo",) if self._java.jcmd else ()

    def write(self, pid: int) -> bool:
        """Has the running JVM write its archive; whether it did. Concurrent writers do no harm."""
        jcmd = self._java.jcmd
        if jcmd is None or self.exists():
            return False
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{pid}.draft")
        try:
            subprocess.run(  # noqa: S603 - a list of arguments, no shell
                [jcmd, str(pid), "VM.cds", "dynamic_dump", str(draft)],
                env=minimal_environment(),
                capture_output=True,
                timeout=120,
                check=True,
            )
            draft.replace(self.path)
        except (OSError, subprocess.SubprocessError):
            for left in self.path.parent.glob(f"{draft.name}*"):
                left.unlink(missing_ok=True)
            return False
        self._remove_outdated()
        return True

    def _remove_outdated(self) -> None:
        name = self.path.name.rsplit("-", 1)[0]
        for other in self.path.parent.glob(f"{name}-*.jsa"):
            if other != self.path:
                other.unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """What was being written by programs that have ended since (the JVM adds `.temp`)."""
    for draft in folder.glob("*.draft*"):
        pid = draft.name.split(".")[1]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            draft.unlink(missing_ok=True)


def command(
    java: Java, program: Program, archive: Archive, local: Sequence[str] = ()
) -> tuple[str, ...]:
    """The command line; `local` are JVM options that do not change what is archived."""
    return (
        str(java.program),
        *archive.options(),
        *program.jvm,
        *local,
        "-cp",
        program.class_path,
        program.main_class,
        *program.arguments,
    )
