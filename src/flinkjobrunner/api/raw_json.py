"""Splits JSON text into its members without rewriting any of them.

What a client sent goes to Kafka as it was written: reading `20.0` or a number of thirty
digits into Python and writing it back would change the very lexical form that a
`sh:datatype` is about. So each value is kept twice: decoded, for looking at its id and
type, and as the slice of the text that it came from. Numbers are not decoded at all.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")


class JsonError(ValueError):
    """The text is not JSON; the message says where."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A JSON value and the text it was written in."""

    value: Any
    text: str


def _number(lexical: str) -> int:
    del lexical  # kept in the text
    return 0


def _no_constant(name: str) -> None:
    raise JsonError(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonError("an object has two members of the same name")
    return members


_DECODER = json.JSONDecoder(
    parse_int=_number,
    parse_float=_number,
    parse_constant=_no_constant,
    object_pairs_hook=_object,
)


def decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise JsonError(f"byte {error.start} is not UTF-8") from None


def items(text: str) -> list[Raw]:
    """The items of the array that the text is."""
    found, end = _members(text, _skip(text, 0), "[", "]")
    _at_end(text, end)
    return [value for _, value in found]


def members(text: str) -> dict[str, Raw]:
    """The members of the object that the text is."""
    found, end = _members(text, _skip(text, 0), "{", "}")
    _at_end(text, end)
    return _object(found)


def first_character(text: str) -> str:
    """Tells an array from an object before anything is read."""
    start = _skip(text, 0)
    return text[start : start + 1]


def _members(
    text: str, position: int, opening: str, closing: str
) -> tuple[list[tuple[str, Raw]], int]:
    if text[position : position + 1] != opening:
        raise _error(text, position, f"expected '{opening}'")
    found: list[tuple[str, Raw]] = []
    position = _skip(text, position + 1)
    if text[position : position + 1] == closing:
        return found, position + 1
    while True:
        name = ""
        if opening == "{":
            name, position = _name(text, position)
        value, end = _value(text, position)
        found.append((name, Raw(value, text[position:end])))
        position = _skip(text, end)
        following = text[position : position + 1]
        if following == closing:
            return found, position + 1
        if following != ",":
            raise _error(text, position, f"expected ',' or '{closing}'")
        position = _skip(text, position + 1)


def _name(text: str, position: int) -> tuple[str, int]:
    if text[position : position + 1] != '"':
        raise _error(text, position, "expected a member name in quotes")
    name, end = _value(text, position)
    position = _skip(text, end)
    if text[position : position + 1] != ":":
        raise _error(text, position, "expected ':'")
    return name, _skip(text, position + 1)


def _value(text: str, position: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise _error(text, error.pos, error.msg) from None
    except JsonError as error:
        raise _error(text, position, str(error)) from None
    except RecursionError:
        raise JsonError("the text is nested too deeply") from None


def _at_end(text: str, position: int) -> None:
    position = _skip(text, position)
    if position != len(text):
        raise _error(text, position, "expected the end of the text")


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    assert match is not None
    return match.end()


def _error(text: str, position: int, what: str) -> JsonError:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return JsonError(f"line {line}, column {column}: {what}")
