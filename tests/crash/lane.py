"""One service under trial: a database, a web server and a worker of its own, which trials kill.

Lanes share the stand and nothing else, so that several can be tried at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from flinkjobrunner import failpoints
from flinkjobrunner.backends.local import leftovers
from flinkjobrunner.backends.local.process import MARK
from flinkjobrunner.store import migrate
from support.service import free_port, until

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings

ROOT = Path(__file__).parents[2]
LEASE_SECONDS = 2.0
# Beyond lease and step: a busy machine starts processes slowly, and a transaction that a stopped
# process has left open is ended by the database.
SLACK_SECONDS = 60.0
TARGETS = "setup,validate,plan,flink-deploy,setup-and-deploy,flink-undeploy,noop,talk,wait"
MAKEFILE = f"""
include {ROOT / "work" / "shacl2flink" / "Makefile"}

.PHONY: noop talk wait
noop:
\t@echo done
# It lasts for several heartbeats.
talk:
\t@for n in 1 2 3 4 5 6 7 8; do echo "line $$n"; sleep 0.25; done
wait:
\t@echo waiting; sleep 600 & setsid sleep 600 & wait
"""


@dataclass(kw_only=True)
class Lane:
    settings: Settings
    points: Path
    port: int = field(default_factory=free_port)
    web: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def make(cls, settings: Settings, folder: Path, database_url: str) -> Lane:
        makefiles = folder / "makefile"
        points = folder / "points"
        for one in (folder, makefiles, points):
            one.mkdir(parents=True)
        (makefiles / "Makefile").write_text(MAKEFILE)
        migrate(database_url)
        changed = settings.model_copy(
            update={
                "database_url": database_url,
                "work_root": folder,
                "digitaltwin_root": makefiles,
                "fetch_allow": ("127.0.0.1",),
            }
        )
        return cls(settings=changed, points=points)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def worker(self) -> subprocess.Popen[bytes]:
        return self.workers[-1]

    def start_web(self) -> None:
        self.web = self._start("serve")
        until(self._answers, lambda: self.said("serve"))

    def start_worker(self) -> None:
        output = self.settings.work_root / "worker.out"
        output.unlink(missing_ok=True)
        self.workers.append(self._start("worker", "--slots", "1"))
        until(lambda: output.exists() and output.stat().st_size, lambda: self.said("worker"))

    def ensure(self) -> None:
        """A web server that answers and one worker that lives, whatever the last trial left."""
        if self.web is None or self.web.poll() is not None:
            self.start_web()
        elif not self._answers():
            until(self._answers, lambda: self.said("serve"))
        self.workers = [one for one in self.workers if one.poll() is None]
        if not self.workers:
            self.start_worker()
        for one in self.workers[:-1]:
            end(one)
        self.workers = self.workers[-1:]

    def arm(self, point: str, number: signal.Signals) -> None:
        assert point in failpoints.POINTS, point
        draft = self.points / ".draft"
        draft.write_text(number.name.removeprefix("SIG"))
        draft.rename(self.points / point)

    def reached(self, point: str) -> bool:
        return not (self.points / point).exists()

    def disarm(self) -> None:
        for request in self.points.iterdir():
            request.unlink(missing_ok=True)

    def post(self, body: dict[str, Any], seconds: float = 30) -> dict[str, Any]:
        """Asks until it is acknowledged, as a client does that was cut off."""
        return self._insist("/jobs", body, (200, 202), seconds)

    def cancel(self, job_id: str, seconds: float = 30) -> dict[str, Any]:
        return self._insist(f"/jobs/{job_id}/cancel", None, (202,), seconds)

    def get(self, path: str, **query: str) -> Any:
        with self._client() as client:
            answer = client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def processes_of(self, job_id: str = "") -> list[int]:
        """What works in the folder of this job, or of any."""
        folder = self.settings.work_root.resolve() / "jobs"
        return [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/environ")
            if (place := _job_folder(path)).parent == folder and job_id in ("", place.name)
        ]

    def cut_power(self) -> None:
        """Every process of the lane at once."""
        service = [process.pid for process in leftovers.find(self.settings.work_root)]
        for pid in (*service, *self.processes_of()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in (self.web, *self.workers):
            if process is not None:
                process.wait(10)

    def said(self, command: str) -> str:
        log = self.settings.work_root / f"{command}.log"
        return log.read_text(errors="replace")[-2000:]

    def close(self) -> None:
        for process in (self.web, *self.workers):
            if process is not None:
                end(process)
        leftovers.end(leftovers.find(self.settings.work_root), grace=5)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        root = self.settings.work_root
        environment = self.settings.environment() | {
            "RUNNER_PORT": str(self.port),
            "RUNNER_LEASE_SECONDS": str(LEASE_SECONDS),
            "ALLOWED_TARGETS": TARGETS,
            "PYTHONPATH": str(ROOT / "src"),
            "PATH": os.environ["PATH"],
            failpoints.VARIABLE: str(self.points),
            MARK: leftovers.mark_of(root),
        }
        with (
            (root / f"{arguments[0]}.out").open("ab") as output,
            (root / f"{arguments[0]}.log").open("ab") as errors,
        ):
            return subprocess.Popen(
                [sys.executable, "-m", "flinkjobrunner", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )

    def _client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, trust_env=False, timeout=10, verify=False)

    def _answers(self) -> bool:
        try:
            with self._client() as client:
                return client.get("/healthz").status_code == 200
        except httpx2.HTTPError:
            return False

    def _insist(
        self, path: str, body: dict[str, Any] | None, wanted: tuple[int, ...], seconds: float
    ) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            try:
                with self._client() as client:
                    answer = client.post(path, json=body) if body else client.post(path)
            except httpx2.HTTPError as error:
                said = repr(error)
            else:
                if answer.status_code in wanted:
                    found: dict[str, Any] = answer.json()
                    return found
                said = answer.text
                assert answer.status_code == 503, f"{path}: {answer.status_code} {said}"
            assert time.monotonic() < deadline, f"{path}: {said}"
            time.sleep(0.05)


def _job_folder(environment: Path) -> Path:
    """Of the job that the process of this environment works for; `/` when of none."""
    try:
        variables = environment.read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:  # it has ended
        return Path("/")
    names = [one.removeprefix("JOB_DIR=") for one in variables if one.startswith("JOB_DIR=")]
    return Path(names[0] if names else "/")


def end(process: subprocess.Popen[bytes]) -> None:
    """In order, and if it does not end so, at once."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
