from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from flinkjobrunner.alerts.fold import Known, fold
from flinkjobrunner.alerts.records import State, Tombstone, Transition, read
from support.alerts import alert, event

if TYPE_CHECKING:
    from collections.abc import Sequence

STATES = ("raised", "updated", "cleared")


def transition(alert_id: str, sequence: int, state: str = "raised") -> Transition:
    record = read(alert_id.encode(), event(alert(alert_id, sequence, state)), 0)
    assert isinstance(record, Transition)
    return record


def tombstone(alert_id: str) -> Tombstone:
    record = read(alert_id.encode(), None, 1_767_225_600_000)
    assert isinstance(record, Tombstone)
    return record


def applied(records: Sequence[Transition | Tombstone]) -> list[tuple[str, int, str, bool]]:
    return [
        (one.transition.alert_id, one.transition.sequence, one.transition.state.value, one.opens)
        for one in fold({}, records).applied
    ]


def test_repeats_count_once_and_older_ones_not_at_all() -> None:
    records = [transition("a", n) for n in (2, 2, 1, 3)]
    changes = fold({}, records)
    assert [one.transition.sequence for one in changes.applied] == [2, 3]
    assert changes.repeated == 2


def test_a_time_of_standing_opens_once_per_raise() -> None:
    assert applied(
        [
            transition("a", 1),
            transition("a", 2, "updated"),
            transition("a", 3, "cleared"),
            transition("a", 4),
            transition("b", 7, "updated"),  # compaction took the raise
            transition("c", 2, "cleared"),
        ]
    ) == [
        ("a", 1, "raised", True),
        ("a", 2, "updated", False),
        ("a", 3, "cleared", False),
        ("a", 4, "raised", True),
        ("b", 7, "updated", True),
        ("c", 2, "cleared", False),
    ]


def test_after_a_tombstone_the_numbering_may_start_anew() -> None:
    records = [
        transition("a", 8),
        transition("a", 9, "cleared"),
        tombstone("a"),
        transition("a", 1),
    ]
    assert applied(records)[-1] == ("a", 1, "raised", True)
    changes = fold({}, records)
    assert changes.known["a"].sequence == 1


def test_a_tombstone_clears_what_still_stood() -> None:
    changes = fold({}, [transition("a", 1), tombstone("a")])
    clear = changes.applied[-1].transition
    assert clear.state is State.CLEARED
    assert clear.data["clearedAt"] == clear.data["updatedAt"] == "2026-01-01T00:00:00.000Z"
    assert changes.known["a"] == Known(sequence=0, state=State.CLEARED, data=clear.data)


def test_a_tombstone_of_the_unknown_changes_nothing() -> None:
    changes = fold({}, [tombstone("a")])
    assert (changes.applied, changes.known, changes.repeated) == ((), {}, 1)


def histories() -> st.SearchStrategy[list[Transition]]:
    """What the job means to say: per alert, consecutive sequences in any interleaving."""
    lengths = st.dictionaries(st.sampled_from("abc"), st.integers(1, 6), min_size=1)
    return lengths.flatmap(
        lambda per_alert: st.permutations(
            [name for name, count in per_alert.items() for _ in range(count)]
        ).map(_numbered)
    )


def _numbered(names: Sequence[str]) -> list[Transition]:
    return [
        transition(name, names[: n + 1].count(name), STATES[names[: n + 1].count(name) % 3])
        for n, name in enumerate(names)
    ]


@given(histories(), st.data())
def test_repeats_and_batches_change_nothing(history: list[Transition], data: st.DataObject) -> None:
    """After a crash the job goes back some records and says them again, as often as it likes."""
    told: list[Transition] = []
    for n, record in enumerate(history):
        told.append(record)
        back = data.draw(st.integers(0, n + 1))
        told += history[n + 1 - back : n + 1]
    known: dict[str, Known] = {}
    transitions: list[Transition] = []
    while told:
        size = data.draw(st.integers(1, len(told)))
        changes = fold(known, told[:size])
        known |= changes.known
        transitions += [one.transition for one in changes.applied]
        told = told[size:]
    assert transitions == history
    assert known == fold({}, history).known
