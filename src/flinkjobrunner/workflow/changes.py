"""What a deploy would change: compared with the active program, shape by shape, and nothing done.

The digest covers what a deploy decides: the two programs, what happens to the Flink job, and what
it starts from. What merely is so at this moment (how many alerts stand, which topics are missing)
is shown with it, and does not make a plan stale.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flinkjobrunner.backends import submission
from flinkjobrunner.backends.base import Action, job_name, observed
from flinkjobrunner.store import deployments, head, overview, programs, read, revision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flinkjobrunner.backends.base import Backend
    from flinkjobrunner.store.deployments import Deployment
    from flinkjobrunner.workflow.compilation import Compiled
    from flinkjobrunner.workflow.steps.base import Work

FORMAT_VERSION = 1


class Change(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"

    @property
    def sign(self) -> str:
        return {"add": "+", "change": "~", "remove": "-", "keep": "="}[self.value]


class StartsFrom(StrEnum):
    """What a Flink job that has to be started knows of the past."""

    RUNNING = "running"
    STATE = "state"
    TOPICS = "topics"


@dataclass(frozen=True, kw_only=True)
class Plan:
    decided: dict[str, Any]
    shown: dict[str, Any]

    @property
    def digest(self) -> str:
        canonical = json.dumps(
            {"formatVersion": FORMAT_VERSION} | self.decided, sort_keys=True, separators=(",", ":")
        )
        return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"

    def document(self) -> dict[str, Any]:
        return {
            "formatVersion": FORMAT_VERSION,
            "digest": self.digest,
            "changes": self.decided | self.shown,
        }


def of(work: Work, backend: Backend, compiled: Compiled) -> Plan:
    url = work.settings.database()
    with read(url) as connection:
        known = deployments.find(connection, work.deployment)
        active = programs.content(connection, known.digest) if known else None
        standing = overview.standing_by_shape(connection, work.deployment)
    shapes, knowledge = compare(active, compiled.program)
    decided = {
        "deployment": work.deployment,
        "program": {"from": known.digest if known else None, "to": compiled.digest},
        "shapes": {
            kind.value: sorted(label for label, change in shapes.items() if change is kind)
            for kind in Change
        },
        "knowledge": knowledge.value,
        "flinkJob": _flink_job(work, backend, known),
    }
    clears = {
        label: standing[label]
        for label, change in sorted(shapes.items())
        if change is Change.REMOVE and label in standing
    }
    shown = {
        "alerts": {"standing": sum(standing.values()), "clear": clears},
        "topics": _topics(work),
        "database": {"from": revision(url), "to": head()},
    }
    return Plan(decided=decided, shown=shown)


def compare(active: bytes | None, wanted: bytes) -> tuple[dict[str, Change], Change]:
    """Each shape of either program by its label, and the knowledge."""
    old = json.loads(active) if active else {"shapes": {}}
    new = json.loads(wanted)
    shapes = {
        label: _change(old["shapes"].get(label), new["shapes"].get(label))
        for label in old["shapes"].keys() | new["shapes"].keys()
    }
    return shapes, _change(_beside_shapes(old), _beside_shapes(new))


def _beside_shapes(program: Mapping[str, Any]) -> dict[str, Any] | None:
    """How numbers and names are read, and what is known, decides as much as the shapes do."""
    return (
        {name: program.get(name) for name in ("knowledge", "numbers", "contexts")}
        if ("knowledge" in program)
        else None
    )


def _change(old: Any, new: Any) -> Change:
    if old is None:
        return Change.ADD
    if new is None:
        return Change.REMOVE
    return Change.KEEP if old == new else Change.CHANGE


def _flink_job(work: Work, backend: Backend, known: Deployment | None) -> dict[str, str]:
    action = backend.diff(work.deployment)
    if action is Action.KEEP:
        start = StartsFrom.RUNNING
    else:
        seen = observed(backend, work.deployment)
        found = submission.newest_state(backend, known, seen)
        start = StartsFrom.STATE if found else StartsFrom.TOPICS
    return {"name": job_name(work.deployment), "action": action.value, "from": start.value}


def _topics(work: Work) -> dict[str, Any]:
    from flinkjobrunner.kafka.topics import Topics, wanted

    topics = wanted(work.settings.sources)
    missing = [topic.name for topic in Topics(work.settings.kafka_bootstrap).missing(topics)]
    return {"add": missing, "keep": len(topics) - len(missing)}


def lines(plan: Plan) -> Iterator[str]:
    """For people: `+` is new, `~` changes, `-` goes, `=` stays."""
    decided, shown = plan.decided, plan.shown
    before = decided["program"]["from"]
    yield (
        f"Deployment {decided['deployment']}: program"
        f" {before[:19] if before else 'none'} -> {decided['program']['to'][:19]}"
    )
    clears = shown["alerts"]["clear"]
    for kind in (Change.ADD, Change.CHANGE, Change.REMOVE):
        for label in decided["shapes"][kind.value]:
            count = clears.get(label)
            yield f"  {kind.sign} shape {label}" + (f": {_alerts(count)} clear" if count else "")
    yield f"  = {len(decided['shapes']['keep'])} shapes stay as they are"
    yield f"  {Change(decided['knowledge']).sign} knowledge and how values are read"
    for name in shown["topics"]["add"]:
        yield f"  + topic {name}"
    yield f"  = {shown['topics']['keep']} topics"
    yield _database_line(shown["database"])
    yield _flink_line(decided["flinkJob"])
    yield f"  {_alerts(shown['alerts']['standing'])} stand; {sum(clears.values())} would clear"
    yield f"Plan {plan.digest}"


def _alerts(count: int) -> str:
    return f"{count} alert" if count == 1 else f"{count} alerts"


def _database_line(database: dict[str, Any]) -> str:
    if database["from"] == database["to"]:
        return f"  = database schema {database['to']}"
    if database["from"] is None:
        return f"  + database schema {database['to']}"
    return f"  ~ database schema {database['from']} -> {database['to']}"


def _flink_line(job: dict[str, str]) -> str:
    if job["action"] == Action.KEEP:
        return f"  = Flink job {job['name']} runs on, with its state"
    start = {
        StartsFrom.STATE.value: "from its last savepoint or checkpoint",
        StartsFrom.TOPICS.value: "without state: it knows only what the topics still hold",
    }[job["from"]]
    return f"  + Flink job {job['name']} starts, {start}"
