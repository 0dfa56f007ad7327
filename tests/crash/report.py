"""The figures of a campaign, as a table for people and for the README."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crash.audit import KINDS
from crash.trials import Family

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crash.attempt import Outcome

BEGIN = "<!-- make crash writes from here -->"
END = "<!-- to here -->"
_TITLES = ("what was hit", "trials", *KINDS, "slowest recovery")


def table(outcomes: Sequence[Outcome]) -> str:
    """One row for each family, and one for all of them."""
    rows = [_TITLES, ("---",) * len(_TITLES)]
    groups = [
        (family.value, [one for one in outcomes if one.trial.family is family]) for family in Family
    ]
    for name, group in [*groups, ("all", list(outcomes))]:
        if group:
            rows.append(_row(name, group))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def write(path: Path, text: str) -> None:
    """Between the marks; everything else of the file stays."""
    content = path.read_text(encoding="utf-8")
    before, begin, rest = content.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(f"{END}\n")
    if not begin or not end:
        raise ValueError(f"{path.name} lacks the lines {BEGIN} and {END}")
    path.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    counts = [sum(fault.kind == kind for one in outcomes for fault in one.faults) for kind in KINDS]
    slowest = max(one.seconds for one in outcomes)
    return (name, f"{len(outcomes):,}", *map(str, counts), f"{slowest:.0f} s")
