"""Reads one record of the alert topic.

The topic is written by the Flink job, but it is a topic: anybody may have written to
it, and an older or newer job may have. A record is therefore read defensively into one
of three things: a `Transition`, a `Tombstone`, or a `RecordError` saying what is wrong.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

EVENT_TYPE = "org.flinkjobrunner.alert."
MAX_SEQUENCE = 2**63 - 1
MAX_KEY_BYTES = 1024

# NUL, a half or whole surrogate pair, a number that may be beyond every range: hardly any record
# has one of them, and to look at what was read costs as much as reading it.
_MAY_BE_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]|[eE]\+?\d{3}|\d{300}")


class State(StrEnum):
    """The last transition of an alert; an alert stands unless it is cleared."""

    RAISED = "raised"
    UPDATED = "updated"
    CLEARED = "cleared"


class RecordError(ValueError):
    """The record is no alert; the text says what was expected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    alert_id: str
    sequence: int
    state: State
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """The topic forgets the alert: compaction may remove it, and its numbering may start anew."""

    alert_id: str
    at: datetime


def read(key: bytes | None, value: bytes | None, timestamp_ms: int) -> Transition | Tombstone:
    """The record's meaning; `timestamp_ms` is the record's own time in Kafka."""
    alert_id = _key(key)
    if value is None:
        return Tombstone(alert_id=alert_id, at=datetime.fromtimestamp(timestamp_ms / 1000, UTC))
    event = _object(_json(value), "the record")
    kind = event.get("type")
    if not isinstance(kind, str) or not kind.startswith(EVENT_TYPE):
        raise RecordError(f"type is {kind!r}, expected {EVENT_TYPE}raised, .updated or .cleared")
    data = _object(event.get("data"), "data")
    if _MAY_BE_UNSTORABLE.search(value):
        data = _storable(data)
    state = _state(data)
    if kind != EVENT_TYPE + state:
        raise RecordError(f"type is {kind!r} but data.state is {state.value!r}")
    if data.get("alertId") != alert_id:
        raise RecordError(f"data.alertId is {data.get('alertId')!r} but the key is {alert_id!r}")
    for name in ("deployment", "entity", "severity", "sourceShape"):
        _text(data, name)
    _time(data, "raisedAt")
    at = _time(data, "updatedAt")
    if state is State.CLEARED:
        at = _time(data, "clearedAt")
    return Transition(
        alert_id=alert_id, sequence=_sequence(data), state=state, at=at, data=_lists(data)
    )


def _key(key: bytes | None) -> str:
    if not key:
        raise RecordError("the key is missing, expected the alert id")
    if len(key) > MAX_KEY_BYTES:
        raise RecordError(f"the key has {len(key)} bytes, expected at most {MAX_KEY_BYTES}")
    try:
        text = key.decode()
    except UnicodeDecodeError:
        raise RecordError("the key is not UTF-8, expected the alert id") from None
    if "\0" in text:
        raise RecordError("the key holds a NUL character, expected the alert id")
    return text


def _json(value: bytes) -> Any:
    try:
        return json.loads(value, parse_constant=_no_constant)
    except RecursionError:
        raise RecordError("the value is nested too deeply") from None
    except ValueError as error:  # malformed JSON, malformed UTF-8, NaN, too many digits
        raise RecordError(f"the value is not JSON: {error}") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RecordError(f"{what} is {type(value).__name__}, expected a JSON object")
    return cast("dict[str, Any]", value)


def _state(data: dict[str, Any]) -> State:
    try:
        return State(str(data.get("state")))
    except ValueError:
        raise RecordError(
            f"data.state is {data.get('state')!r}, expected raised, updated or cleared"
        ) from None


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise RecordError(f"data.{name} is {value!r}, expected a text")
    return value


def _sequence(data: dict[str, Any]) -> int:
    value = data.get("sequence")
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_SEQUENCE:
        raise RecordError(f"data.sequence is {value!r}, expected a positive integer")
    return value


def _time(data: dict[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(data, name))
    except ValueError:
        raise RecordError(f"data.{name} is {data.get(name)!r}, expected an ISO 8601 time") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _lists(data: dict[str, Any]) -> dict[str, Any]:
    """Lists that every reader of an alert walks over are lists of the right things."""
    types = data.setdefault("entityTypes", [])
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        raise RecordError("data.entityTypes is not a list of texts")
    for name in ("attributePath", "messages", "values"):
        members = data.setdefault(name, [])
        if not isinstance(members, list) or not all(isinstance(one, dict) for one in members):
            raise RecordError(f"data.{name} is not a list of JSON objects")
    return data


def _storable(data: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL keeps no NUL and no half of a surrogate pair; a value of an entity may hold both.

    The alert matters more than that character, so it is shown by a replacement.
    """
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        if "\\u0000" not in text and text.encode():
            return data
    except UnicodeEncodeError:
        pass  # half of a surrogate pair
    except ValueError:
        raise RecordError("a number of data is beyond every range") from None
    return cast("dict[str, Any]", _replaced(data))


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(
            "\N{SYMBOL FOR NULL}"
            if character == "\0"
            else "\N{REPLACEMENT CHARACTER}"
            if "\ud800" <= character <= "\udfff"
            else character
            for character in value
        )
    if isinstance(value, list):
        return [_replaced(one) for one in value]
    if isinstance(value, dict):
        return {_replaced(name): _replaced(one) for name, one in value.items()}
    return value
