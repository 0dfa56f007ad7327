"""The worker: claims jobs and runs them, takes over what dead workers left, and keeps two watchers.

A notification of the database starts a job within milliseconds; a look every few seconds makes up
for lost notifications and finds expired leases. Beside the jobs the worker runs the projector of
alerts and the observer of deployments, each in a thread that is started anew when it fails.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from flinkjobrunner.errors import DatabaseUnavailableError
from flinkjobrunner.jobs import Queue
from flinkjobrunner.store import migrate
from flinkjobrunner.store.notify import JOBS, listener
from flinkjobrunner.telemetry import get_logger
from flinkjobrunner.workflow import jobfile
from flinkjobrunner.workflow.process import kill_leftovers, start_time
from flinkjobrunner.workflow.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flinkjobrunner.config import Settings
    from flinkjobrunner.jobs import Job

    Watcher = Callable[[threading.Event], None]

SLOTS = 2
_LOOK_SECONDS = 5.0
_RETRY_SECONDS = 1.0
log = get_logger(__name__)


def worker_name() -> str:
    """Machine, process and when that was started: enough to find out that a worker is dead."""
    return f"{socket.gethostname()}/{os.getpid()}/{start_time(os.getpid()) or '-'}"


class Worker:
    """Slots that run jobs, and watchers beside them."""

    def __init__(
        self,
        settings: Settings,
        *,
        slots: int = SLOTS,
        watchers: Mapping[str, Watcher] | None = None,
    ) -> None:
        self._settings = settings
        self._slots = slots
        self._watchers = _watchers(settings) if watchers is None else watchers
        self._url = settings.database()
        self._queue = Queue(self._url)
        self._listener = listener(self._url)
        self._name = worker_name()

    def run(self, stop: threading.Event, started: Callable[[], None] = lambda: None) -> None:
        """Until it is told to stop; running jobs are ended and given back to the queue."""
        if not self._migrate(stop):
            return
        log.info("worker.started", worker=self._name, slots=self._slots)
        threads = [
            threading.Thread(target=self._slot, args=(stop,), name=f"slot {number}")
            for number in range(self._slots)
        ]
        threads += [
            threading.Thread(target=_forever, args=(name, watcher, stop), name=name)
            for name, watcher in self._watchers.items()
        ]
        for thread in threads:
            thread.start()
        started()
        stop.wait()
        self._listener.wake_all()
        for thread in threads:
            thread.join()
        log.info("worker.stopped", worker=self._name)

    def _migrate(self, stop: threading.Event) -> bool:
        while not stop.is_set():
            try:
                migrate(self._url)
            except DatabaseUnavailableError:
                log.warning("worker.waiting-for-database")
                stop.wait(_RETRY_SECONDS)
            else:
                return True
        return False

    def _slot(self, stop: threading.Event) -> None:
        with self._listener.subscribe(JOBS) as subscription:
            while not stop.is_set():
                try:
                    if not self._run_next(stop):
                        subscription.wait(_LOOK_SECONDS)
                except DatabaseUnavailableError:
                    stop.wait(_RETRY_SECONDS)
                except Exception:
                    # The job's lease runs out and it is tried again, a bounded number of times.
                    log.exception("worker.fault")
                    stop.wait(_RETRY_SECONDS)

    def _run_next(self, stop: threading.Event) -> bool:
        job = self._queue.claim(
            worker=self._name, lease_seconds=self._settings.lease_seconds, bury=self._bury
        )
        if job is None:
            return self._bury_dead_workers()
        Run(
            job,
            settings=self._settings,
            queue=self._queue,
            listener=self._listener,
            stop=stop,
        ).execute()
        return True

    def _bury(self, job: Job) -> None:
        """What is left of a job that is ended without another attempt: processes, secrets."""
        job_dir = jobfile.folder(self._settings.work_root, job.job_id)
        killed = kill_leftovers(job_dir)
        if killed:
            log.warning("job.leftovers-killed", job_id=job.job_id, processes=killed)
        with suppress(OSError):
            jobfile.forget_secrets(job_dir, job)

    def _bury_dead_workers(self) -> bool:
        """End the leases of workers of this machine that are no more; true if there were any."""
        here = f"{socket.gethostname()}/"
        ended = 0
        for name in self._queue.lease_holders():
            if name.startswith(here):
                _, pid, started = name.rsplit("/", 2)
                if start_time(int(pid)) != started:
                    log.warning("worker.dead", worker=name)
                    ended += self._queue.expire_leases_of(name)
        return ended > 0


def _watchers(settings: Settings) -> dict[str, Watcher]:
    from flinkjobrunner.alerts.projector import Projector

    watchers: dict[str, Watcher] = {"projector": lambda stop: Projector(settings).run(stop)}
    if find_spec("flinkjobrunner.workflow.observer"):
        observer = import_module("flinkjobrunner.workflow.observer")
        watchers["observer"] = lambda stop: observer.run(settings, stop)
    return watchers


def _forever(name: str, watcher: Watcher, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            watcher(stop)
        except Exception:
            log.exception("watcher.fault", watcher=name)
        stop.wait(_RETRY_SECONDS)
