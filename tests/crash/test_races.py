"""Many at once: workers that claim, and a reader that is cut off a thousand times."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.jobs import JobRequest, JobStatus, Queue
from flinkjobrunner.store import read
from support.service import SOURCE, serving
from support.sse import reading

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from flinkjobrunner.jobs import Job

JOBS = 1000
WORKERS = 8
RECONNECTS = 1000
LINES = 2500
# All of them start to claim when all of them are there.
CLAIMER = """
import sys
from flinkjobrunner.jobs import JobStatus, Queue
url, name = sys.argv[1:]
queue = Queue(url)
print("ready", flush=True)
sys.stdin.read()
while (job := queue.claim(worker=name, lease_seconds=60)) is not None:
    queue.finish(job, JobStatus.SUCCEEDED)
    print(job.job_id)
"""


def submit(queue: Queue, number: int) -> Job:
    body = {"jobId": f"j{number}", "target": "setup", "deployment": f"d{number}"}
    return queue.submit(JobRequest.model_validate(body)).job


def claimer(url: str, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CLAIMER, url, name],
        env={"PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_eight_workers_claim_each_of_a_thousand_jobs_once(database_url: str) -> None:
    queue = Queue(database_url)
    with ThreadPoolExecutor(WORKERS) as pool:
        wanted = {job.job_id for job in pool.map(lambda number: submit(queue, number), range(JOBS))}
    workers = [claimer(database_url, f"w{number}") for number in range(WORKERS)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.close()
        worker.stdin = None
    claimed = [worker.communicate(timeout=120)[0].split() for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    assert sum(map(bool, claimed)) > 1, "one worker had them all: that was no race"
    assert sorted(itertools.chain(*claimed)) == sorted(wanted)
    with read(database_url) as connection:
        events = connection.exec_driver_sql(
            "SELECT kind, count(*), count(DISTINCT job_id) FROM job_events GROUP BY kind"
        )
        counts = {kind: (number, jobs) for kind, number, jobs in events}
    assert counts == dict.fromkeys(("created", "claimed", "succeeded"), (JOBS, JOBS))


@pytest.mark.timeout(300)
def test_a_reader_that_is_cut_off_a_thousand_times_misses_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    queue = Queue(settings.database())
    submit(queue, 1)
    job = queue.claim(worker="w", lease_seconds=300)
    assert job is not None
    writer = threading.Thread(target=write, args=(queue, job))
    chance = random.Random(1)
    seen: list[int] = []
    ended = False
    connections = 0
    with serving(settings, tmp_path, RUNNER_RATE_LIMIT="0") as service:
        writer.start()
        while not ended:
            connections += 1
            # The last line was delivered, so nothing but the end is left: read to it.
            most = chance.randrange(1, 4) if len(seen) < LINES else 1 << 30
            last = str(seen[-1]) if seen else None
            with reading(f"{service.url}/jobs/j1/logs", last) as events:
                for event in events:
                    if event.name == "end":
                        ended = True
                        break
                    if not event.name:
                        seen.append(int(event.id))
                        assert event.data == f"line {event.id}"
                        most -= 1
                    if most == 0:
                        break
        writer.join()
    assert seen == list(range(1, LINES + 1))
    assert connections > RECONNECTS


def write(queue: Queue, job: Job) -> None:
    for first in range(1, LINES + 1, 20):
        queue.append_lines(job, [f"line {n}" for n in range(first, min(first + 20, LINES + 1))])
    queue.finish(job, JobStatus.SUCCEEDED)
