"""The program that a job is about: compiled of its inputs, or an earlier one that it names."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from flinkjobrunner.store import programs, read
from flinkjobrunner.workflow.compilation import Compiled, compile_inputs
from flinkjobrunner.workflow.inputs import obtain
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from flinkjobrunner.workflow.steps.base import Work


def program_of(work: Work) -> Compiled:
    digest = work.options.get("program")
    return _stored(work, digest) if digest else compile_inputs(work, obtain(work))


def _stored(work: Work, digest: str) -> Compiled:
    with read(work.settings.database()) as connection:
        found = programs.stored(connection, digest)
    if found is None:
        raise StepError(
            "program-unknown",
            f"there is no program {digest} here",
            "GET /deployments/{name} lists those that a deployment has had.",
        )
    work.say(f"program {digest[:19]}: as it was deployed before")
    return Compiled(
        program=gzip.decompress(found.compressed),
        digest=digest,
        diagnostics=(),
        summary=found.summary,
        sources=found.sources,
        inputs_hash=found.inputs_hash,
    )
