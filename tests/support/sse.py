"""Reads Server-Sent Events as a browser does."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, kw_only=True)
class Event:
    """What a listener gets; without a name it is `onmessage`. `id` is the last one seen."""

    name: str
    id: str
    data: str
    own_id: bool


def parse(lines: Iterable[str], last_id: str = "") -> Iterator[Event]:
    name, data, own_id = "", list[str](), False
    for line in lines:
        if not line:
            if data:
                yield Event(name=name, id=last_id, data="\n".join(data), own_id=own_id)
            name, data, own_id = "", [], False
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            last_id, own_id = value, True
        else:
            assert field in ("", "retry"), line


@contextmanager
def reading(url: str, last_id: str | None = None, **headers: str) -> Iterator[Iterator[Event]]:
    """The events of an address as they come; leaving the block drops the connection."""
    sent = headers | ({"Last-Event-ID": last_id} if last_id else {})
    with (
        # No certificates are needed, and loading them takes longer than the rest.
        httpx2.Client(trust_env=False, timeout=20, verify=False) as client,
        client.stream("GET", url, headers=sent) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield parse(_lines(answer), last_id or "")


def _lines(answer: httpx2.Response) -> Iterator[str]:
    """Split at the three line ends of the format only; `iter_lines` knows more of them."""
    rest = ""
    for chunk in answer.iter_text():
        *whole, rest = (rest + chunk).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        yield from whole
