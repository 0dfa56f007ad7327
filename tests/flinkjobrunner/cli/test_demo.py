"""`make run` as a person sees it: alerts within moments, Ctrl-C ends all of it, twice in a row."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.backends.local import leftovers
from support.service import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


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


def test_alerts_are_told_and_nothing_is_left(tmp_path: Path) -> None:
    first = demonstrated(tmp_path)
    assert "POST /jobs" in first
    assert re.search(r"raised +warning +urn:plant:cutter:2: The cutting head runs hot", first)
    assert re.search(r"cleared +urn:plant:cutter:2: The cutting head", first)
    assert "11 alerts stand. They are at http://127.0.0.1:" in first
    assert "Traceback" not in first
    second = demonstrated(tmp_path)
    assert re.search(r"raised +warning +urn:plant:cutter:2", second), "played again as of now"
    assert "11 alerts stand" in second
