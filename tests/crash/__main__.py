"""`make crash`: a campaign, its table on the screen and in the README.

Exit code 0 when nothing was lost, done twice, stuck or left over; else 1, and each fault is told.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from crash import report
from crash.campaign import Campaign
from crash.lane import ROOT

README = ROOT / "README.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one trial, to run it again")
    chosen = parser.parse_args()
    campaign = Campaign(count=chosen.trials, seed=chosen.seed, say=_say, only=chosen.only)
    with tempfile.TemporaryDirectory(prefix="flinkjobrunner-crash-") as folder:
        campaign.run(Path(folder))
    table = report.table(campaign.outcomes)
    _say(f"\n{table}\n{campaign.seconds / 60:.0f} minutes")
    for fault in campaign.faults:
        _say(fault)
    if chosen.only is None:
        minutes = f"{campaign.seconds / 60:.0f} minutes, seed {chosen.seed}"
        report.write(README, f"{table}\n{len(campaign.outcomes):,} trials in {minutes}.\n")
    return 1 if campaign.faults else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
