"""Gets the files that a job names into the job's folder, from URLs or from what was sent before."""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flinkjobrunner.fetch import Fetcher, FetchError, InputStore, Policy
from flinkjobrunner.telemetry import public_url
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.workflow.steps.base import Work

Kind = Literal["shacl", "knowledge", "data", "context"]
_AT_ONCE = 4
_INPUT = "input:"


@dataclass(frozen=True, kw_only=True)
class ObtainedInput:
    """A file of the job. `source` is its URL without secrets; `iri` is the context's own."""

    kind: Kind
    source: str
    iri: str | None
    path: Path
    sha256: str
    media_type: str | None
    size: int


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    kind: Kind
    url: str
    iri: str | None
    path: Path


def obtain(work: Work) -> list[ObtainedInput]:
    """All of them, or a `StepError` about the first that cannot be had."""
    folder = work.job_dir / "inputs"
    shutil.rmtree(folder, ignore_errors=True)  # an earlier attempt's
    folder.mkdir(mode=0o700)
    obtainer = _Obtainer(work)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = [pool.submit(obtainer.get, wanted) for wanted in _wanted(work, folder)]
        ended, rest = wait(futures, return_when=FIRST_EXCEPTION)
        for future in rest:
            future.cancel()
        for future in ended:
            future.result()  # raises the failure, if there is one
    found = [future.result() for future in futures]
    for one in found:
        work.say(f"{one.kind}: {one.source}, {one.size:,} bytes, sha256 {one.sha256[:12]}")
    return found


def _wanted(work: Work, folder: Path) -> list[_Wanted]:
    urls = work.request.get("urls", {})
    named: list[tuple[Kind, str, str | None]] = [
        *(("shacl", url, None) for url in urls.get("shacl", ())),
        *(("knowledge", url, None) for url in urls.get("knowledge", ())),
    ]
    if urls.get("data"):
        named.append(("data", urls["data"], None))
    contexts = work.options.get("contexts", {})
    named += (("context", url, iri) for iri, url in sorted(contexts.items()))
    return [
        _Wanted(kind=kind, url=url, iri=iri, path=folder / f"{number:02}-{kind}")
        for number, (kind, url, iri) in enumerate(named)
    ]


class _Obtainer:
    def __init__(self, work: Work) -> None:
        self._store = InputStore(work.settings.work_root)
        self._fetcher = Fetcher(Policy.of(work.settings.fetch_allow))

    def get(self, wanted: _Wanted) -> ObtainedInput:
        if wanted.url.startswith(_INPUT):
            return self._sent(wanted)
        source = public_url(wanted.url)
        try:
            got = self._fetcher.fetch(wanted.url, wanted.path)
        except FetchError as error:
            raise StepError(error.code, f"{source}: {error.message}", error.hint) from None
        return ObtainedInput(
            kind=wanted.kind,
            source=source,
            iri=wanted.iri,
            path=wanted.path,
            sha256=got.sha256,
            media_type=got.media_type,
            size=got.size,
        )

    def _sent(self, wanted: _Wanted) -> ObtainedInput:
        sha256 = wanted.url.removeprefix(_INPUT)
        source = f"{_INPUT}{sha256[:12]}"
        stored = self._store.find(sha256)
        if stored is None:
            raise StepError(
                "input-missing",
                f"{source} is not here: it was never sent, or not used for seven days",
                "Send the file with PUT /inputs/<sha256> first.",
            )
        shutil.copyfile(stored.path, wanted.path)
        with wanted.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise StepError("input-damaged", f"{source} is damaged on disk", "Send it again.")
        return ObtainedInput(
            kind=wanted.kind,
            source=source,
            iri=wanted.iri,
            path=wanted.path,
            sha256=sha256,
            media_type=stored.media_type,
            size=stored.size,
        )
