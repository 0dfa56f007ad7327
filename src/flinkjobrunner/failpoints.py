"""Named places at which a process stops dead when a test of crashes asks for it; else nothing.

`FLINKJOBRUNNER_FAIL_POINTS` names a folder. When a point is reached and a file of its name is
there, the process takes the file away and sends itself the signal that the file names (KILL, STOP).
Taking it away is what makes a crash happen once, whichever process comes first; and whoever put it
there sees by its absence that the point was reached. Without the variable, as in all use but
`make crash`, reaching a point is one comparison.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

VARIABLE = "FLINKJOBRUNNER_FAIL_POINTS"
SIGNALS = (signal.SIGKILL, signal.SIGSTOP)

_MOMENTS = ("before", "uncommitted", "committed")
# One transaction of the queue each: before it, at its end but not committed, and committed.
TRANSACTIONS = ("submit", "cancel", "claim", "heartbeat", "log", "finish", "release")
STEPS = ("setup", "validate", "plan", "flink-deploy", "flink-undeploy")
# Effects outside of the database, in whose middle a crash must be harmless too.
EFFECTS = (
    "setup.migrated",
    "flink-deploy.activated",
    "flink-deploy.published",
    "flink-deploy.submitting",
    "flink-deploy.submitted",
    "flink-undeploy.stopped",
)
POINTS = frozenset(
    (
        *(f"{name}.{moment}" for name in (*TRANSACTIONS, "projector") for moment in _MOMENTS),
        # Before the effect; the effect is there but nothing says so yet; it is recorded.
        *(f"step.{name}.{moment}" for name in STEPS for moment in ("before", "done", "recorded")),
        *EFFECTS,
    )
)

_folder = os.environ.get(VARIABLE)


def reach(point: str) -> None:
    if _folder is not None:
        _stop_if_asked(Path(_folder), point)


def _stop_if_asked(folder: Path, point: str) -> None:
    if point not in POINTS:
        raise LookupError(f"{point!r} is no known fail point")
    request = folder / point
    try:
        number = signal.Signals[f"SIG{request.read_text(encoding='ascii').strip()}"]
        request.unlink()
    except FileNotFoundError:
        return
    # To this thread: another one that took the signal would let this one go on for a moment.
    signal.raise_signal(number)
