"""The service's log, as another process sees it: one line per event, redacted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[3] / "src"
SECRET = "CANARY0123456789abcdef"
PROGRAM = f"""
import logging
from flinkjobrunner.telemetry import configure, get_logger
URL = "https://u:{SECRET}@store.example/a?sig={SECRET}"
configure()
log = get_logger("tests")
log.info("job.accepted", job_id="one", number=7, url=URL, tree={{"urls": [URL], URL: 1}}, none=None)
log.debug("not.shown")
logging.getLogger("library").warning("GET %s failed", URL)
logging.getLogger("alembic").info("not shown")
log.warning("odd", value=ValueError(URL), path=URL.encode())
try:
    raise ValueError("cannot fetch " + URL)
except ValueError:
    log.exception("fault")
logging.getLogger("library").error("two\\nlines")
"""


def run(program: str, **environment: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(SOURCE)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


def test_as_json_one_event_per_line() -> None:
    out, err = run(PROGRAM)
    assert out == ""
    assert SECRET not in err
    events: list[dict[str, Any]] = [json.loads(line) for line in err.splitlines()]
    assert [event["action"] for event in events] == [
        "job.accepted",
        "GET https://[redacted]@store.example/a?[redacted] failed",
        "odd",
        "fault",
        "two\nlines",
    ]
    assert all(event["timestamp"].endswith("Z") for event in events)
    first = events[0]
    assert (first["level"], first["logger"], first["number"], first["none"]) == (
        "info",
        "tests",
        7,
        None,
    )
    assert first["url"] == "https://[redacted]@store.example/a?[redacted]"
    assert first["tree"] == {"urls": [first["url"]], first["url"]: 1}
    assert "ValueError: cannot fetch" in events[3]["exception"]


def test_as_text_for_people() -> None:
    out, err = run(PROGRAM, FLINKJOBRUNNER_LOG="console")
    assert out == ""
    assert SECRET not in err
    assert "job.accepted" in err
    assert "ValueError: cannot fetch https://[redacted]@store.example/a?[redacted]" in err
    assert "\x1b" not in err  # no colours where nobody sees them


IN_THREAD = """
import threading
def fail(): raise ValueError(URL)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
"""


@pytest.mark.parametrize(
    ("last", "action"),
    [("raise ValueError(URL)", "process.fault"), (IN_THREAD, "thread.fault")],
)
@pytest.mark.parametrize("form", ["json", "console"])
def test_what_nobody_caught_is_redacted_too(last: str, action: str, form: str) -> None:
    _, err = run(PROGRAM + last, FLINKJOBRUNNER_LOG=form)
    assert SECRET not in err
    assert action in err
