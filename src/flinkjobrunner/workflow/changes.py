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
from flinkjobrunner.workflow import comparison
from flinkjobrunner.workflow.comparison import Change, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flinkjobrunner.backends.base import Backend
    from flinkjobrunner.store.deployments import Deployment
    from flinkjobrunner.workflow.compilation import Compiled
    from flinkjobrunner.workflow.steps.base import Work

FORMAT_VERSION = 1


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

    @property
    def up_to_date(self) -> bool:
        """Whether a deploy, with the setup before it, would find everything as it should be."""
        decided, shown = self.decided, self.shown
        return (
            decided["program"]["from"] == decided["program"]["to"]
            and decided["flinkJob"]["action"] == Action.KEEP
            and shown["acknowledged"]
            and not shown["topics"]["add"]
            and shown["database"]["from"] == shown["database"]["to"]
        )

    def document(self) -> dict[str, Any]:
        return {
            "formatVersion": FORMAT_VERSION,
            "digest": self.digest,
            "upToDate": self.up_to_date,
            "changes": self.decided | self.shown,
        }


def of(work: Work, backend: Backend, compiled: Compiled) -> Plan:
    url = work.settings.database()
    with read(url) as connection:
        known = deployments.find(connection, work.deployment)
        active = programs.content(connection, known.digest) if known else None
        stored = programs.exists(connection, compiled.digest)
        missing, there = overview.objects(connection)
        standing = [
            Standing(shape=shape, component=component, count=count)
            for shape, component, count in overview.standing_by_constraint(
                connection, work.deployment
            )
        ]
    old, new = json.loads(active) if active else None, json.loads(compiled.program)
    compared = comparison.compare(old, new)
    effect = comparison.effect(compared, old, new, standing)
    decided = {
        "deployment": work.deployment,
        "program": {"from": known.digest if known else None, "to": compiled.digest},
        "shapes": {
            kind.value: sorted(label for label, found in compared.shapes.items() if found is kind)
            for kind in Change
        },
        "knowledge": compared.knowledge.value,
        "flinkJob": _flink_job(work, backend, known),
    }
    shown = {
        "alerts": {
            "standing": sum(one.count for one in standing),
            "clear": effect.clear,
            "judge": effect.judge,
            "keep": effect.keep,
        },
        "acknowledged": known is not None and known.acknowledged_epoch == known.epoch,
        "topics": _topics(work),
        "database": {
            "from": revision(url),
            "to": head(),
            "add": missing,
            "keep": there,
            "program": (Change.KEEP if stored else Change.ADD).value,
        },
    }
    return Plan(decided=decided, shown=shown)


def _flink_job(work: Work, backend: Backend, known: Deployment | None) -> dict[str, Any]:
    wanted = submission.wanted(
        work.settings, deployment=work.deployment, parallelism=work.settings.parallelism
    )
    action = submission.action(backend, known, wanted)
    if action is Action.KEEP:
        start = StartsFrom.RUNNING
    elif action is Action.UPGRADE:
        start = StartsFrom.STATE
    else:
        seen = observed(backend, work.deployment)
        found = submission.newest_state(backend, known, seen)
        start = StartsFrom.STATE if found else StartsFrom.TOPICS
    job = {"name": job_name(work.deployment), "action": action.value, "from": start.value}
    if action is Action.UPGRADE:
        return job | {"changed": submission.differences(known, wanted)}
    return job


def _topics(work: Work) -> dict[str, Any]:
    from flinkjobrunner.kafka.topics import Topics, wanted

    topics = wanted(work.settings.sources)
    missing = [topic.name for topic in Topics(work.settings.kafka_bootstrap).missing(topics)]
    return {"add": missing, "keep": [one.name for one in topics if one.name not in missing]}


def lines(plan: Plan) -> Iterator[str]:
    """For people: `+` is new, `~` changes, `-` goes, `=` stays."""
    decided, shown = plan.decided, plan.shown
    before = decided["program"]["from"]
    yield (
        f"Deployment {decided['deployment']}: program"
        f" {before[:19] if before else 'none'} -> {decided['program']['to'][:19]}"
    )
    alerts = shown["alerts"]
    for kind in (Change.ADD, Change.CHANGE, Change.REMOVE):
        for label in decided["shapes"][kind.value]:
            yield f"  {kind.sign} shape {label}{_becomes_of(label, alerts)}"
    yield f"  = {len(decided['shapes']['keep'])} shapes stay as they are"
    yield f"  {Change(decided['knowledge']).sign} knowledge and how values are read"
    for name in shown["topics"]["add"]:
        yield f"  + topic {name}"
    yield f"  = {len(shown['topics']['keep'])} topics"
    for name in shown["database"]["add"]:
        yield f"  + {'view' if '.' in name else 'table'} {name}"
    yield f"  = {len(shown['database']['keep'])} tables and views"
    yield _database_line(shown["database"])
    yield f"  {Change(shown['database']['program']).sign} program in the database"
    yield _flink_line(decided["flinkJob"])
    yield (
        f"  {_alerts(alerts['standing'])} stand: {sum(alerts['clear'].values())} would clear,"
        f" {sum(alerts['judge'].values())} would be judged again, {alerts['keep']} stay"
    )
    if plan.up_to_date:
        yield "Nothing to do."
    elif before == decided["program"]["to"] and not shown["acknowledged"]:
        yield "The program is published, and not every instance has acknowledged it."
    yield f"Plan {plan.digest}"


def _becomes_of(label: str, alerts: dict[str, Any]) -> str:
    said = [
        f"{_alerts(alerts[kind][label])} {what}"
        for kind, what in (("clear", "clear"), ("judge", "judged again"))
        if label in alerts[kind]
    ]
    return f": {', '.join(said)}" if said else ""


def _alerts(count: int) -> str:
    return f"{count} alert" if count == 1 else f"{count} alerts"


def _database_line(database: dict[str, Any]) -> str:
    if database["from"] == database["to"]:
        return f"  = database schema {database['to']}"
    if database["from"] is None:
        return f"  + database schema {database['to']}"
    return f"  ~ database schema {database['from']} -> {database['to']}"


def _flink_line(job: dict[str, Any]) -> str:
    if job["action"] == Action.KEEP:
        return f"  = Flink job {job['name']} runs on, with its state"
    if job["action"] == Action.UPGRADE:
        changed = ", ".join(job["changed"])
        return f"  ~ Flink job {job['name']} goes on from a savepoint with another {changed}"
    start = {
        StartsFrom.STATE.value: "from its last savepoint or checkpoint",
        StartsFrom.TOPICS.value: "without state: it knows only what the topics still hold",
    }[job["from"]]
    return f"  + Flink job {job['name']} starts, {start}"
