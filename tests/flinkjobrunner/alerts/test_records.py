from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkjobrunner.alerts.records import RecordError, State, Tombstone, Transition, read
from support.alerts import alert, event


def changed(**members: Any) -> bytes:
    document = json.loads(event(alert("a", 3)))
    document["data"] |= members
    return json.dumps(document).encode()


def test_a_transition() -> None:
    data = alert("a", 3, "cleared")
    assert read(b"a", event(data), 0) == Transition(
        alert_id="a",
        sequence=3,
        state=State.CLEARED,
        at=datetime(2026, 1, 1, 0, 0, 3, tzinfo=UTC),
        data=data,
    )


def test_a_tombstone() -> None:
    assert read(b"a", None, 1_500) == Tombstone(
        alert_id="a", at=datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (None, event(alert("a", 1)), "key is missing"),
        (b"", event(alert("a", 1)), "key is missing"),
        (b"\xff", event(alert("a", 1)), "not UTF-8"),
        (b"a\0", None, "NUL"),
        (b"a" * 2000, None, "2000 bytes"),
        (b"a", b'{"type": ', "not JSON"),
        (b"a", b"\xff\xfe", "not JSON"),
        (b"a", b"[" * 100_000, "nested too deeply"),
        (b"a", b'{"n": NaN}', "no JSON number"),
        (b"a", b"[]", "expected a JSON object"),
        (b"a", b"{}", "type is None"),
        (b"a", b'{"type": "org.flinkjobrunner.alert.raised"}', "data is NoneType"),
        (b"b", event(alert("a", 1)), "data.alertId is 'a' but the key is 'b'"),
        (b"a", changed(state="cleared"), "data.state is 'cleared'"),
        (b"a", changed(state=["raised"]), "expected raised, updated or cleared"),
        (b"a", changed(sequence=0), "positive integer"),
        (b"a", changed(sequence=True), "positive integer"),
        (b"a", changed(sequence=2**63), "positive integer"),
        (b"a", changed(sequence="1"), "positive integer"),
        (b"a", changed(entity=None), "data.entity"),
        (b"a", changed(severity=""), "data.severity"),
        (b"a", changed(updatedAt="yesterday"), "ISO 8601"),
        (b"a", changed(entityTypes="Cutter"), "data.entityTypes"),
        (b"a", changed(messages=["text"]), "data.messages"),
        (b"a", event(alert("a", 1)).replace(b'"offset": 1', b'"offset": 1e999'), "every range"),
    ],
)
def test_what_is_no_alert_is_refused_with_the_reason(
    key: bytes | None, value: bytes | None, reason: str
) -> None:
    with pytest.raises(RecordError, match=reason):
        read(key, value, 0)


@given(st.binary(max_size=60), st.one_of(st.none(), st.binary(max_size=200)))
def test_no_bytes_break_the_reader(key: bytes, value: bytes | None) -> None:
    with suppress(RecordError):
        assert read(key, value, 0).alert_id.encode() == key


def test_characters_that_the_database_cannot_hold_are_shown_by_a_replacement() -> None:
    record = read(b"a", changed(value={"@value": "x\0y\ud800z"}), 0)
    assert isinstance(record, Transition)
    assert record.data["value"] == {"@value": "x\N{SYMBOL FOR NULL}y\N{REPLACEMENT CHARACTER}z"}


def test_a_time_without_a_zone_is_utc() -> None:
    record = read(b"a", changed(updatedAt="2026-01-01T00:00:00"), 0)
    assert record.at == datetime(2026, 1, 1, tzinfo=UTC)
