"""Fail points: nothing without being asked for, once when asked for, and named in one place."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flinkjobrunner import failpoints

ROOT = Path(__file__).parents[2]


def reaching(point: str, folder: Path | None) -> subprocess.Popen[bytes]:
    variables = {"PYTHONPATH": str(ROOT / "src")}
    if folder is not None:
        variables[failpoints.VARIABLE] = str(folder)
    script = f"from flinkjobrunner.failpoints import reach; reach({point!r})"
    return subprocess.Popen(
        [sys.executable, "-c", script], env=variables, stderr=subprocess.PIPE, text=False
    )


def code_of(process: subprocess.Popen[bytes]) -> int:
    _, errors = process.communicate(timeout=30)
    return process.returncode or len(errors)


def test_a_point_kills_once(tmp_path: Path) -> None:
    (tmp_path / "claim.before").write_text("KILL")
    assert code_of(reaching("claim.before", tmp_path)) == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []
    assert code_of(reaching("claim.before", tmp_path)) == 0


def test_a_point_stops_until_it_is_told_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "claim.before").write_text("STOP\n")
    process = reaching("claim.before", tmp_path)
    assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1])
    process.send_signal(signal.SIGCONT)
    assert code_of(process) == 0


def test_another_point_and_no_folder_do_nothing(tmp_path: Path) -> None:
    (tmp_path / "claim.before").write_text("KILL")
    assert code_of(reaching("claim.committed", tmp_path)) == 0
    assert code_of(reaching("claim.before", None)) == 0


def test_an_unknown_point_is_refused_where_points_are_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failpoints.reach("claim.befor")
    monkeypatch.setattr(failpoints, "_folder", str(tmp_path))
    with pytest.raises(LookupError, match=r"claim\.befor"):
        failpoints.reach("claim.befor")


def test_every_point_is_in_the_source() -> None:
    """Those of transactions and steps are made of a name and a moment; the others stand there."""
    code = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    reached = set(re.findall(r'failpoints\.reach\("([a-z.-]+)"\)', code))
    transactions = re.findall(r'self\._transaction\("([a-z]+)"\)', code)
    assert sorted(transactions) == sorted(failpoints.TRANSACTIONS)
    made = {
        f"{name}.{moment}"
        for name in transactions
        for moment in ("before", "uncommitted", "committed")
    } | {
        f"step.{name}.{moment}"
        for name in failpoints.STEPS
        for moment in ("before", "done", "recorded")
    }
    assert reached | made == failpoints.POINTS
