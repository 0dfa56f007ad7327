"""The trials: at which point, who is hit and how, and what the job must come to all the same.

A trial is known by its number and the seed of the campaign; both together say all of it, so that
one that has failed can be run again alone.
"""

from __future__ import annotations

import random
import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flinkjobrunner import failpoints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Blow(StrEnum):
    """KILL and SLEEP hit the process that reaches the point; the others stop it there first."""

    KILL = "kill"
    # Stopped until its lease is over and another one has the job; then it goes on.
    SLEEP = "sleep"
    KILL_WORKER = "kill the worker"
    # What the kernel may do when memory is short: nobody is left to end the step.
    KILL_GUARD = "kill the worker and the guard"
    CUT_POWER = "cut the power"

    @property
    def signal(self) -> signal.Signals:
        return signal.SIGKILL if self is Blow.KILL else signal.SIGSTOP


class Family(StrEnum):
    WEB = "POST and cancel"
    WORKER = "the worker"
    STEP = "setup, validate, plan"
    DEPLOY = "deploy and undeploy"
    PROJECTOR = "the projector"
    STACK = "Flink, Kafka, PostgreSQL"


@dataclass(frozen=True, kw_only=True)
class Trial:
    number: int
    point: str
    blow: Blow
    target: str

    @property
    def family(self) -> Family:
        return family_of(self.point)

    @property
    def told(self) -> str:
        return f"trial {self.number}: {self.blow} at {self.point} of {self.target}"

    @property
    def statuses(self) -> Sequence[str]:
        """In which of these the job may end."""
        if self.point.startswith("cancel."):
            return ("CANCELED",)
        if self.family in (Family.STEP, Family.DEPLOY) and self.blow is Blow.KILL:
            # Nobody but the step was hit: its job fails, and says so.
            return ("FAILED",)
        return ("SUCCEEDED",)


# No fail points: these are whole processes, hit at any moment.
STACK = ("taskmanager", "jobmanager", "kafka", "postgres", "postgres asleep")
QUICK_STACK = ("postgres", "postgres asleep")
QUICK = 60
_CHEAP = (Family.WEB, Family.WORKER, Family.STEP)


def family_of(point: str) -> Family:
    first, _, rest = point.partition(".")
    if point in STACK:
        return Family.STACK
    if first in ("submit", "cancel"):
        return Family.WEB
    if first == "projector":
        return Family.PROJECTOR
    if first in ("flink-deploy", "flink-undeploy") or rest.startswith("flink-"):
        return Family.DEPLOY
    return Family.STEP if first in ("step", "setup") else Family.WORKER


def planned(count: int, seed: int) -> list[Trial]:
    """Every point once, then as many more as are wanted; few of them of the slow families."""
    chance = random.Random(seed)
    # Kafka and the two of Flink take half a minute each to come back.
    points = sorted((*failpoints.POINTS, *(STACK if count > QUICK else QUICK_STACK)))
    chance.shuffle(points)
    cheap = [point for point in points if family_of(point) in _CHEAP]
    slow = [point for point in points if family_of(point) not in _CHEAP]
    chosen = list(points)
    while len(chosen) < count:
        chosen += list(_more(cheap, slow, chance))[: count - len(chosen)]
    return [
        Trial(
            number=number,
            point=point,
            blow=_blow(point, number < len(points), chance),
            target=_target(point, chance),
        )
        for number, point in enumerate(chosen)
    ]


def _more(cheap: Sequence[str], slow: Sequence[str], chance: random.Random) -> Iterator[str]:
    yield from chance.sample(cheap, len(cheap))
    yield from chance.sample(slow, len(slow) // 3)


def _blow(point: str, first: bool, chance: random.Random) -> Blow:
    match family_of(point):
        case Family.WEB if point.startswith("cancel."):
            return chance.choice((Blow.KILL, Blow.KILL_GUARD))
        case Family.WEB | Family.PROJECTOR:
            return Blow.KILL
        case Family.STACK:
            return Blow.SLEEP if point.endswith(" asleep") else Blow.KILL
        case Family.WORKER:
            if point.startswith("release."):
                return Blow.KILL
            return chance.choices((Blow.KILL, Blow.SLEEP), (4, 1))[0]
        case Family.STEP | Family.DEPLOY:
            # At each point first what repairs itself: a job that fails has nothing to repair.
            blows = (Blow.KILL_WORKER, Blow.KILL_GUARD, Blow.CUT_POWER, Blow.SLEEP, Blow.KILL)
            return chance.choices(blows, (3, 2, 3, 1, 0 if first else 1))[0]


def _target(point: str, chance: random.Random) -> str:
    parts = point.split(".")
    match family_of(point):
        case Family.STEP if parts[0] == "step":
            return parts[1]
        case Family.STEP:
            return parts[0]
        case Family.DEPLOY:
            return parts[1] if parts[0] == "step" else parts[0]
        case Family.WEB if parts[0] == "cancel":
            return "wait"
        case Family.PROJECTOR | Family.STACK:
            return "talk"
    return (
        "talk" if parts[0] in ("heartbeat", "log", "release") else chance.choice(("noop", "talk"))
    )
