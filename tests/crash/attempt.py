"""Carries one trial out on a lane, and audits what it has come to."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
import psutil

from crash import audit
from crash.audit import TERMINAL, Fault
from crash.lane import LEASE_SECONDS, SLACK_SECONDS
from crash.trials import Blow, Family
from support.service import until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crash.lane import Lane
    from crash.trials import Trial

_REACH_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`seconds` are those from the blow to the end of the job."""

    trial: Trial
    faults: Sequence[Fault]
    seconds: float


def carry_out(
    trial: Trial, lane: Lane, body: dict[str, Any], provoke: Callable[[], None] = lambda: None
) -> Outcome:
    """`body` is that of a job of the target; what is provoked makes the point be reached."""
    lane.ensure()
    job_id = f"t{trial.number}"
    body = {"deployment": job_id} | body | {"jobId": job_id, "target": trial.target}
    try:
        began = _strike(trial, lane, body, provoke)
        await_end(lane, job_id)
        seconds = time.monotonic() - began
        found = audit.faults(lane, job_id, trial.statuses)
    except AssertionError as error:
        seconds, found = 0.0, [Fault(kind="stuck", text=str(error))]
    finally:
        lane.disarm()
        _resume(lane)
    return Outcome(trial=trial, faults=found, seconds=seconds)


def _strike(trial: Trial, lane: Lane, body: dict[str, Any], provoke: Callable[[], None]) -> float:
    """When the blow fell; by then the job is acknowledged."""
    if trial.family is Family.WEB:
        return _strike_web(trial, lane, body)
    lane.arm(trial.point, trial.blow.signal)
    lane.post(body)
    provoke()
    if trial.point.startswith("release."):
        until(lambda: _has_begun(lane, body["jobId"]), lambda: "the job does not start")
        lane.worker.terminate()
    until(
        lambda: lane.reached(trial.point) or _is_over(lane, body["jobId"]),
        lambda: f"{trial.point} was not reached: {_told(lane, body['jobId'])}",
        _REACH_SECONDS,
    )
    assert lane.reached(trial.point), f"{trial.point} was not reached, but the job has ended"
    began = time.monotonic()
    _follow_up(trial, lane, body["jobId"])
    return began


def _strike_web(trial: Trial, lane: Lane, body: dict[str, Any]) -> float:
    path = "/jobs"
    if trial.point.startswith("cancel."):
        lane.post(body)
        if trial.number % 2 or trial.blow is Blow.KILL_GUARD:
            until(lambda: _has_begun(lane, body["jobId"]), lambda: "the job does not start")
        if trial.blow is Blow.KILL_GUARD:
            _kill_with_guard(lane)
        path = f"/jobs/{body['jobId']}/cancel"
    lane.arm(trial.point, signal.SIGKILL)
    # The one who asks is cut off, and asks again.
    with (
        suppress(httpx2.HTTPError),
        httpx2.Client(base_url=lane.url, trust_env=False, timeout=10, verify=False) as client,
    ):
        client.post(path, json=body) if path == "/jobs" else client.post(path)
    assert lane.reached(trial.point), f"{trial.point} was not reached"
    began = time.monotonic()
    if path == "/jobs":
        lane.post(body)
    else:
        lane.cancel(body["jobId"])
    if trial.blow is Blow.KILL_GUARD:
        lane.start_worker()
    return began


def _has_begun(lane: Lane, job_id: str) -> bool:
    found = audit.find(lane.settings.database(), job_id)
    return found is not None and found.job["log_lines"] > 0


def _follow_up(trial: Trial, lane: Lane, job_id: str) -> None:
    """What else happens once the process at the point was killed or is stopped."""
    in_step = trial.family in (Family.STEP, Family.DEPLOY)
    match trial.blow:
        case Blow.KILL if in_step:
            return
        case Blow.KILL:
            lane.worker.wait(20)
            lane.start_worker()
        case Blow.KILL_WORKER:
            lane.worker.kill()
            lane.worker.wait(20)
            lane.start_worker()
        case Blow.KILL_GUARD:
            _kill_with_guard(lane)
            lane.start_worker()
        case Blow.CUT_POWER:
            lane.cut_power()
            lane.start_web()
            lane.start_worker()
        case Blow.SLEEP:
            sleepers = [lane.worker.pid, *lane.processes_of(job_id)] if in_step else []
            for pid in sleepers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            lane.start_worker()
            await_end(lane, job_id)
            _resume(lane)
            # It finds out that the job is not its own any more; only then the audit begins.
            until(lambda: not lane.processes_of(job_id), lambda: f"{job_id} still runs", 30)


def _kill_with_guard(lane: Lane) -> None:
    """At one moment, so that neither has the time to do anything about it."""
    family = [lane.worker.pid, *(one.pid for one in psutil.Process(lane.worker.pid).children())]
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in family:
            os.kill(pid, number)
    lane.worker.wait(20)


def _resume(lane: Lane) -> None:
    for worker in lane.workers:
        if worker.poll() is None:
            worker.send_signal(signal.SIGCONT)


def await_end(lane: Lane, job_id: str) -> None:
    until(
        lambda: _is_over(lane, job_id),
        lambda: f"it does not end: {_told(lane, job_id)}",
        LEASE_SECONDS + SLACK_SECONDS,
    )


def _is_over(lane: Lane, job_id: str) -> bool:
    found = audit.find(lane.settings.database(), job_id)
    assert found is not None, f"{job_id} was acknowledged and is not there"
    return found.job["status"] in TERMINAL


def _told(lane: Lane, job_id: str) -> str:
    found = audit.find(lane.settings.database(), job_id)
    return f"{found.told if found else 'no job'}\n{lane.said('worker')}"
