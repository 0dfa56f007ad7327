"""Many trials in three lanes: those with a Flink job in one, cheap ones in the others.

What hits everybody (the stand's own processes) comes last, when nobody else is at work. Whatever
fails leaves a file that says how to run it again.
"""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psutil

from crash import audit
from crash.attempt import Outcome, await_end, carry_out
from crash.audit import Fault
from crash.deployment import Deployment
from crash.lane import LEASE_SECONDS, ROOT, Lane
from crash.stand import Stand
from crash.trials import Blow, Family, planned
from e2e.driver import Kafka
from support.files import serving_files
from support.plant import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from crash.trials import Trial

ARTEFACTS = ROOT / "build" / "crash"
_WITH_FLINK = (Family.DEPLOY, Family.PROJECTOR)


@dataclass(kw_only=True)
class Campaign:
    """`only` one trial of those planned, to run it again."""

    count: int
    seed: int
    say: Callable[[str], None]
    only: int | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    # Faults of no single trial: what stands at the end, against a batch validation.
    at_end: list[Fault] = field(default_factory=list)
    seconds: float = 0.0
    _saying: threading.Lock = field(default_factory=threading.Lock)

    @property
    def faults(self) -> list[str]:
        of_trials = [
            f"{one.trial.told}: {fault.kind}: {fault.text}"
            for one in self.outcomes
            for fault in one.faults
        ]
        return [*of_trials, *(f"at the end: {fault.kind}: {fault.text}" for fault in self.at_end)]

    def run(self, folder: Path) -> None:
        began = time.monotonic()
        trials = [
            trial
            for trial in planned(self.count, self.seed)
            if self.only is None or trial.number == self.only
        ]
        with Stand.start(folder / "stand") as stand, ExitStack() as lanes:
            main = lanes.enter_context(_lane(stand, folder / "main", stand.settings.database()))
            deployment = lanes.enter_context(_deployment(main, self.seed))
            cheap = [
                lanes.enter_context(_lane(stand, folder / name, stand.database(name)))
                for name in ("cheap1", "cheap2")
            ]
            others = [one for one in trials if one.family not in (*_WITH_FLINK, Family.STACK)]
            with ThreadPoolExecutor(1 + len(cheap)) as pool:
                done = [
                    pool.submit(self._with_flink, trials, deployment),
                    *(
                        pool.submit(self._cheap, others[number :: len(cheap)], lane)
                        for number, lane in enumerate(cheap)
                    ),
                ]
                for one in done:
                    one.result()
            self._on_the_stand(trials, deployment, stand)
        self.seconds = time.monotonic() - began

    def _cheap(self, trials: Sequence[Trial], lane: Lane) -> None:
        with serving_files() as files:
            url = files.add("/s.ttl", shapes("speed"), Content_Type="text/turtle")
            body = {"urls": {"shacl": f"{url}?{audit.SECRET}=SECRET"}}
            for trial in trials:
                self._record(carry_out(trial, lane, body))

    def _with_flink(self, trials: Sequence[Trial], deployment: Deployment) -> None:
        for trial in trials:
            if trial.family in _WITH_FLINK:
                self._record(_try_deployment(trial, deployment))

    def _on_the_stand(self, trials: Sequence[Trial], deployment: Deployment, stand: Stand) -> None:
        for trial in trials:
            if trial.family is Family.STACK:
                self._record(_try_stack(trial, deployment, stand))
        self.at_end = deployment.against_batch()

    def _record(self, outcome: Outcome) -> None:
        with self._saying:
            self.outcomes.append(outcome)
            self.say(f"{outcome.trial.told}: {outcome.seconds:.1f} s")
            for fault in outcome.faults:
                self.say(f"    {fault.kind}: {fault.text}")
            if outcome.faults:
                _leave_artefact(self, outcome)


@contextmanager
def _lane(stand: Stand, folder: Path, database_url: str) -> Iterator[Lane]:
    lane = Lane.make(stand.settings, folder, database_url)
    try:
        yield lane
    finally:
        lane.close()


@contextmanager
def _deployment(lane: Lane, seed: int) -> Iterator[Deployment]:
    with serving_files() as files:
        chance = random.Random(seed)
        lane.ensure()
        lane.post({"jobId": "first", "target": "setup"})
        await_end(lane, "first")
        kafka = Kafka(lane.settings.kafka_bootstrap)
        deployment = Deployment(lane=lane, files=files, chance=chance, kafka=kafka)
        try:
            deployment.run("second", "flink-deploy", changed=True)
            deployment.change()
            yield deployment
        finally:
            kafka.close()


def _try_deployment(trial: Trial, deployment: Deployment) -> Outcome:
    if trial.family is Family.PROJECTOR:
        # The projector is hit by the records of these changes.
        outcome = carry_out(trial, deployment.lane, {"urls": _urls(deployment)}, deployment.change)
        return _with(outcome, deployment.faults(running=True))
    if trial.point in ("flink-deploy.submitting", "flink-deploy.submitted"):
        # A Flink job is submitted where there is none.
        deployment.run(f"u{trial.number}", "flink-undeploy", changed=False)
    outcome = carry_out(trial, deployment.lane, deployment.body(changed=True))
    if outcome.faults:
        return outcome
    if trial.blow is Blow.KILL:
        # The job failed as it must; asked for again, it has to work.
        deployment.run(f"r{trial.number}", trial.target, changed=False)
    running = trial.target == "flink-deploy"
    deployment.change()
    outcome = _with(outcome, deployment.faults(running=running))
    if not running:
        deployment.run(f"d{trial.number}", "flink-deploy", changed=True)
        outcome = _with(outcome, deployment.faults(running=True))
    return outcome


def _try_stack(trial: Trial, deployment: Deployment, stand: Stand) -> Outcome:
    """A job runs and entities change while it happens, and afterwards too."""
    lane, job_id = deployment.lane, f"t{trial.number}"
    lane.ensure()
    part, _, asleep = trial.point.partition(" ")
    try:
        lane.post({"jobId": job_id, "target": trial.target, "urls": _urls(deployment)})
        deployment.change()
        began = time.monotonic()
        if asleep:
            _stop(stand.pid(part), 2 * LEASE_SECONDS)
        else:
            stand.kill(part)
        deployment.change()
        await_end(lane, job_id)
        found = audit.faults(lane, job_id, trial.statuses)
        found += deployment.faults(running=True)
    except AssertionError as error:
        found = [Fault(kind="stuck", text=str(error))]
    return Outcome(trial=trial, faults=found, seconds=time.monotonic() - began)


def _stop(pid: int, seconds: float) -> None:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for process in family:
            if process.is_running():
                process.send_signal(number)
        if number is signal.SIGSTOP:
            # Nothing can be awaited: this is how long the database is away.
            time.sleep(seconds)


def _urls(deployment: Deployment) -> dict[str, Any]:
    urls: dict[str, Any] = deployment.body(changed=False)["urls"]
    return urls


def _with(outcome: Outcome, faults: Sequence[Fault]) -> Outcome:
    return Outcome(trial=outcome.trial, faults=[*outcome.faults, *faults], seconds=outcome.seconds)


def _leave_artefact(campaign: Campaign, outcome: Outcome) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    trial = outcome.trial
    again = f"make crash TRIALS={campaign.count} SEED={campaign.seed} ONLY={trial.number}"
    document = {
        "again": again,
        "trial": trial.told,
        "faults": [f"{fault.kind}: {fault.text}" for fault in outcome.faults],
    }
    path = ARTEFACTS / f"{campaign.seed}-{campaign.count}-{trial.number}.json"
    path.write_text(json.dumps(document, indent=1) + "\n")
    campaign.say(f"    {path.relative_to(ROOT)}: {again}")
