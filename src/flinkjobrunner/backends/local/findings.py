"""What the machine must offer before a start: `up` refuses with it, `doctor` shows it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from flinkjobrunner.backends.local import java
from flinkjobrunner.backends.local.layout import StackError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from flinkjobrunner.backends.local.layout import Layout
    from flinkjobrunner.backends.local.ports import Address

GIB = 1024**3
DISK_NEEDED = 2 * GIB
MEMORY_NEEDED = 2 * GIB
_JARS = {"flink": "flink-runtime", "kafka": "kafka_2.13"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    name: str
    ok: bool
    text: str
    advice: str = ""

    def sentence(self) -> str:
        return f"{self.text}: {self.advice}." if self.advice else f"{self.text}."


def require(findings: Iterable[Finding]) -> None:
    """Refuses with the first one that is not as it must be."""
    for finding in findings:
        if not finding.ok:
            raise StackError(finding.sentence())


def java_found() -> Finding:
    try:
        found = java.find()
    except StackError as error:
        text, _, advice = str(error).rstrip(".").partition(": ")
        return Finding(name="java", ok=False, text=text, advice=advice)
    return Finding(name="java", ok=True, text=f"{found.program} is Java {found.version}")


def maven_found(*, needed: bool) -> Finding:
    path = shutil.which("mvn")
    if path is not None:
        return Finding(name="maven", ok=True, text=f"Maven is {path}")
    if needed:
        advice = "install Maven, which builds the jars"
        return Finding(name="maven", ok=False, text="No Maven (mvn) found", advice=advice)
    return Finding(name="maven", ok=True, text="there is no Maven (mvn); the jars are built")


def python_found() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(name="python", ok=True, text=f"{sys.executable} is Python {version}")


def jars_found(layout: Layout) -> Finding:
    missing = [
        group
        for group, main in _JARS.items()
        if not any(jar.name.startswith(main) for jar in layout.jars(group))
    ]
    if not (layout.runtime / "validator.jar").exists():
        missing.append("validator.jar")
    if missing:
        return Finding(
            name="jars",
            ok=False,
            text=f"Missing in {layout.runtime}: {', '.join(missing)}",
            advice="run `make build`",
        )
    return Finding(name="jars", ok=True, text=f"the jars are in {layout.runtime}")


def writable(folder: Path) -> Finding:
    place = _existing(folder)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return Finding(
            name="folder",
            ok=False,
            text=f"{folder} cannot be written to",
            advice="set WORK_ROOT to a folder that can",
        )
    return Finding(name="folder", ok=True, text=f"{folder} can be written to")


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def disk_free(folder: Path) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free
    text = f"{free / GIB:.1f} GiB are free for {folder}"
    if free < DISK_NEEDED:
        return Finding(
            name="disk",
            ok=False,
            text=f"Only {text}",
            advice=f"free some space ({DISK_NEEDED / GIB:.0f} GiB are needed), "
            "or set WORK_ROOT to another disk",
        )
    return Finding(name="disk", ok=True, text=text)


def memory_free() -> Finding:
    free = psutil.virtual_memory().available
    text = f"{free / GIB:.1f} GiB of memory are available"
    if free < MEMORY_NEEDED:
        return Finding(
            name="memory",
            ok=False,
            text=f"Only {text}",
            advice=f"end other programs; the stack needs about {MEMORY_NEEDED / GIB:.0f} GiB "
            "under load",
        )
    return Finding(name="memory", ok=True, text=text)


def ports_free(addresses: Mapping[str, tuple[str, Address]]) -> list[Finding]:
    """Of the ports that users know, by the variable that sets each and what listens there."""
    return [_port_free(*entry) for entry in addresses.items()]


def _port_free(variable: str, listener: tuple[str, Address]) -> Finding:
    title, address = listener
    name = f"port {address.port}"
    if not _is_own(address):
        return Finding(
            name=name,
            ok=False,
            text=f"The {title} cannot listen on {address}, which is no address of this machine",
            advice=f"set {variable} to one that is",
        )
    if not address.is_free():
        return Finding(
            name=name,
            ok=False,
            text=f"Port {address.port} for the {title} is in use{_user_of(address)}",
            advice=f"end that program, or choose another port with {variable}",
        )
    return Finding(name=name, ok=True, text=f"port {address.port} is free for the {title}")


def _is_own(address: Address) -> bool:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        try:
            probe.bind((address.host, 0))
        except OSError:
            return False
    return True


def _user_of(address: Address) -> str:
    """Who listens there, as far as this user may know."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status != psutil.CONN_LISTEN or not connection.laddr:
                continue
            if connection.laddr.port == address.port and connection.pid is not None:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return ""
