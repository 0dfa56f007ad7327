"""Each fail point once, with real processes; `make crash` tries many more."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from crash import report
from crash.attempt import Outcome
from crash.audit import Fault
from crash.campaign import Campaign
from crash.trials import QUICK, QUICK_STACK, STACK, Blow, Trial, planned
from flinkjobrunner import failpoints

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.timeout(900)
@pytest.mark.stack
def test_nothing_is_lost_doubled_stuck_or_left_over(tmp_path: Path) -> None:
    said: list[str] = []
    campaign = Campaign(count=QUICK, seed=1, say=said.append)
    campaign.run(tmp_path)
    assert campaign.faults == [], "\n".join(said)
    assert len(campaign.outcomes) == QUICK


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_point_is_tried_and_a_plan_can_be_made_again(seed: int) -> None:
    trials = planned(300, seed)
    assert len(trials) == 300
    assert {trial.point for trial in trials} == {*failpoints.POINTS, *STACK}
    assert trials == planned(300, seed)
    assert trials != planned(300, seed + 1)
    quick = planned(QUICK, seed)
    assert {trial.point for trial in quick} == {*failpoints.POINTS, *QUICK_STACK}


def outcome(number: int, *kinds: str) -> Outcome:
    trial = Trial(number=number, point="claim.before", blow=Blow.KILL, target="noop")
    return Outcome(trial=trial, faults=[Fault(kind=k, text="why") for k in kinds], seconds=number)


def test_the_table_counts_faults_and_replaces_only_itself(tmp_path: Path) -> None:
    table = report.table([outcome(1), outcome(2, "lost", "lost", "orphan")])
    assert "| the worker | 2 | 2 | 0 | 0 | 1 | 0 | 2 s |\n" in table
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write(readme, table)
    assert readme.read_text() == f"before\n{report.BEGIN}\n{table}{report.END}\nafter\n"
    readme.write_text("nothing to replace\n")
    with pytest.raises(ValueError, match="lacks the lines"):
        report.write(readme, table)


def test_an_artefact_says_how_to_run_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crash.campaign.ROOT", tmp_path)
    monkeypatch.setattr("crash.campaign.ARTEFACTS", tmp_path / "crash")
    said: list[str] = []
    number = random.Random(0).randrange(300)
    campaign = Campaign(count=300, seed=7, say=said.append)
    campaign._record(outcome(number, "stuck"))
    (artefact,) = (tmp_path / "crash").iterdir()
    assert f"make crash TRIALS=300 SEED=7 ONLY={number}" in artefact.read_text()
    assert any("stuck: why" in line for line in said)
