"""`make run` as a person sees it: alerts within moments, Ctrl-C ends all of it, twice in a row."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.backends.local import leftovers
from flinkjobrunner.cli.demo import _Clock, _Shown
from support.alerts import alert
from support.service import until

if TYPE_CHECKING:
    from pathlib import Path


def environment(folder: Path) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RUNNER_", "FLINKJOBRUNNER_"))
    }
    return inherited | {
        "WORK_ROOT": str(folder / "work"),
        "RUNNER_PORT": "0",
        "RUNNER_KAFKA_BOOTSTRAP": "127.0.0.1:0",
        "RUNNER_FLINK_URL": "http://127.0.0.1:0",
    }


def demonstrated(folder: Path) -> str:
    """Runs it until it has told of raised and cleared alerts, then as far as to its end."""
    output = folder / "demo.out"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "flinkjobrunner", "demo"],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=environment(folder),
        )

    def told() -> bool:
        text = output.read_text(encoding="utf-8")
        assert process.poll() is None, text
        return bool(re.search(r"^\d+ alerts stand", text, re.MULTILINE))

    try:
        until(told, output.read_text, seconds=150)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    text = output.read_text(encoding="utf-8")
    assert code == 0, text
    assert text.rstrip().endswith("Ended."), text
    assert leftovers.find(folder / "work") == []
    return text


@pytest.mark.stack
@pytest.mark.timeout(300)
def test_alerts_are_told_and_nothing_is_left(tmp_path: Path) -> None:
    first = demonstrated(tmp_path)
    assert "POST /jobs" in first
    assert re.search(r"raised +warning +urn:plant:cutter:2: The cutting head runs hot", first)
    assert re.search(r"cleared +urn:plant:cutter:2: The cutting head", first)
    assert "11 alerts stand. They are at http://127.0.0.1:" in first
    assert "Traceback" not in first
    second = demonstrated(tmp_path)
    assert re.search(r"raised +warning +urn:plant:cutter:2", second), "played again as of now"
    assert re.search(r"cleared +what stood at the end of the last run \(\d+\)", second)
    assert "11 alerts stand" in second


def test_what_the_last_run_left_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    shown = _Shown(_Clock())
    shown._take(json.dumps(alert("old", 2, "cleared")))
    shown._take(json.dumps(alert("older", 2, "cleared")))
    for number in range(8):
        shown._take(json.dumps(alert(f"new{number}", 1)))
        shown._take(json.dumps(alert(f"new{number}", 2, "cleared")))
    lines = [line.partition(" s  ")[2] for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "cleared             what stood at the end of the last run (2)"
    assert lines[1].startswith("raised  violation   urn:test:new0: the state is none of")
    assert lines[2].startswith("cleared             urn:test:new0: ")
    assert (len(lines), lines[-1]) == (16, "... and more")
