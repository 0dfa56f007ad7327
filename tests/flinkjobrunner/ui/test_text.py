from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from flinkjobrunner.ui import text

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "just now"),
        (9.9, "just now"),
        (-9, "just now"),
        (10, "10 s ago"),
        (59.9, "50 s ago"),
        (60, "1 min ago"),
        (119, "1 min ago"),
        (7200, "2 h ago"),
        (200_000, "2 d ago"),
        (-61, "in 1 min"),
    ],
)
def test_ages_are_coarse(seconds: float, expected: str) -> None:
    assert text.age(NOW - timedelta(seconds=seconds), NOW) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0.0 s"),
        (-1, "0.0 s"),
        (12.34, "12.3 s"),
        (60, "1 min 00 s"),
        (3599, "59 min 59 s"),
        (3660, "1 h 01 min"),
    ],
)
def test_spans(seconds: float, expected: str) -> None:
    assert text.span(NOW, NOW + timedelta(seconds=seconds)) == expected
    assert text.span(None, NOW) == ""


def test_moments_are_in_utc() -> None:
    moment = datetime(2026, 1, 1, 13, 0, 0, 500_000, timezone(timedelta(hours=1)))
    assert text.absolute(moment) == "2026-01-01 12:00:00 UTC"
    assert text.machine(moment) == "2026-01-01T12:00:00.500Z"
    assert text.moment_of("2026-01-01T12:00:00.500Z") == moment


def test_a_digest_is_short() -> None:
    assert text.short_digest("sha256:" + "0123456789abcdef" * 4) == "0123456789ab"
