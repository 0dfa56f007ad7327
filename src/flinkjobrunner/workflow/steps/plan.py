"""`plan`: what a deploy would change, without doing it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from flinkjobrunner.backends import backend_of
from flinkjobrunner.workflow import changes
from flinkjobrunner.workflow.wanted import program_of

if TYPE_CHECKING:
    from flinkjobrunner.workflow.steps.base import Work


def run(work: Work) -> dict[str, Any]:
    compiled = program_of(work)
    with closing(backend_of(work.settings)) as backend:
        plan = changes.of(work, backend, compiled)
    for line in changes.lines(plan):
        work.say(line)
    return {"plan": plan.document()}
