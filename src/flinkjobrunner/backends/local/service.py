"""The service's own two processes, run beside the parts they use: the web server and the worker."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import flinkjobrunner
from flinkjobrunner.backends.local.part import Part
from flinkjobrunner.backends.local.process import ProcessSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flinkjobrunner.backends.local.layout import Layout
    from flinkjobrunner.backends.local.ports import Address


def python_environment() -> dict[str, str]:
    """This process's own environment, in which our packages are found, installed or not."""
    source = str(Path(flinkjobrunner.__file__).parents[1])
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (source, path)))}


# With it our commands end when a setting cannot be used, after a sentence that says which.
_REFUSED = 2


class _Command(Part):
    """One of our own commands, as a process."""

    # A running job is given so long to end in an orderly way.
    stop_grace = 20.0

    def __init__(self, layout: Layout, environment: Callable[[], Mapping[str, str]]) -> None:
        self._layout = layout
        self._environment = environment

    def process(self) -> ProcessSpec:
        return ProcessSpec(
            command=(sys.executable, "-m", "flinkjobrunner", *self._arguments()),
            environment={**python_environment(), **self._environment()},
            output=self._layout.output(self.name),
            errors=self._layout.log(self.name),
            cwd=self._layout.work_root,
        )

    def refusal(self, exit_code: int | None, /) -> str:
        if exit_code != _REFUSED:
            return ""
        said = self._layout.log(self.name).read_text(encoding="utf-8", errors="replace")
        return next(reversed(said.strip().splitlines()), "")

    def _arguments(self) -> tuple[str, ...]:
        return (self.name,)


class Web(_Command):
    name = "web"
    title = "web server"

    def __init__(
        self,
        layout: Layout,
        environment: Callable[[], Mapping[str, str]],
        address: Address,
        announce: Callable[[str], None],
    ) -> None:
        super().__init__(layout, environment)
        self.address = address
        self._announce = announce

    @property
    def url(self) -> str:
        return f"http://{self.address.reachable}"

    def _arguments(self) -> tuple[str, ...]:
        return ("serve",)

    def ready(self, _pid: int, /) -> bool:
        return self.address.accepts() and _healthy(f"{self.url}/healthz")

    def when_ready(self) -> None:
        """Hands on what it has to say to whoever starts it: the token that it made, told once
        and kept nowhere."""
        said = self._layout.output(self.name)
        text = said.read_text(encoding="utf-8").strip()
        os.truncate(said, 0)
        if text:
            self._announce(text)


class Worker(_Command):
    name = "worker"
    title = "worker"

    def prepare(self) -> None:
        self._layout.output(self.name).write_bytes(b"")

    def ready(self, _pid: int, /) -> bool:
        """It has no port, but says when it claims jobs; by then the schema is there as well."""
        return self._layout.output(self.name).stat().st_size > 0


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except urllib.error.HTTPError as answer:
        answer.close()
        return False
    except OSError:
        return False
