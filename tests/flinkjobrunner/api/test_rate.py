"""The token bucket, on a clock of the test's own."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from flinkjobrunner.api.rate import Rate


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_and_then_so_many_a_second(clock: Clock) -> None:
    rate = Rate(per_second=10, burst=5, clock=clock)
    assert [rate.take("a") for _ in range(5)] == [0.0] * 5
    assert rate.take("a") == pytest.approx(0.1)
    clock.now += 0.1
    assert rate.take("a") == 0.0
    assert rate.take("a") == pytest.approx(0.1)


def test_being_refused_puts_off_nothing(clock: Clock) -> None:
    rate = Rate(per_second=1, burst=1, clock=clock)
    assert rate.take("a") == 0.0
    assert {round(rate.take("a"), 6) for _ in range(100)} == {1.0}
    clock.now += 1
    assert rate.take("a") == 0.0


def test_who_was_away_has_one_burst_and_not_more(clock: Clock) -> None:
    rate = Rate(per_second=10, burst=5, clock=clock)
    for _ in range(3):
        clock.now += 1e6
        assert sum(rate.take("a") == 0 for _ in range(50)) == 5


def test_clients_do_not_share(clock: Clock) -> None:
    rate = Rate(per_second=1, burst=1, clock=clock)
    assert rate.take("a") == 0.0
    assert rate.take("a") > 0
    assert rate.take("b") == 0.0


@pytest.mark.parametrize("per_second", [0.3, 7, 333, 1000])
def test_the_long_run_is_exact(clock: Clock, per_second: float) -> None:
    rate = Rate(per_second=per_second, burst=1, clock=clock)
    taken = 0
    for _ in range(2000):
        taken += rate.take("a") == 0
        clock.now += 0.3 / per_second
    # 2,000 steps of three tenths of an interval: every fourth step, since three are too early.
    assert taken == 500


def test_memory_is_bounded_and_the_busy_are_remembered(clock: Clock) -> None:
    rate = Rate(per_second=1, burst=2, most_clients=100, clock=clock)
    assert (rate.take("busy"), rate.take("busy")) == (0.0, 0.0)
    for number in range(99):
        rate.take(f"other {number}")
    assert rate.take("busy") > 0
    for number in range(100_000):
        rate.take(f"new {number}")
    assert len(rate) == 100


def test_threads_get_no_more_than_the_burst() -> None:
    rate = Rate(per_second=0.001, burst=100)
    taken: list[bool] = []

    def ask() -> None:
        taken.extend(rate.take("a") == 0 for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 100
