"""Looks a name up, within bounded time."""

from __future__ import annotations

import socket
import threading
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from flinkjobrunner.fetch.errors import FetchError, timed_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flinkjobrunner.fetch.policy import Address

    Resolver = Callable[[str, int, float], Sequence[Address]]


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """Every address that the name has now."""
    answers: SimpleQueue[list[str] | None] = SimpleQueue()
    # The C library's look-up knows no time-out that we could set: whoever waits may leave instead.
    threading.Thread(target=_look_up, args=(host, port, answers), daemon=True).start()
    try:
        texts = answers.get(timeout=seconds)
    except Empty:
        raise timed_out() from None
    if texts is None:
        raise FetchError("unreachable", "the URL's host has no address", "Is the name spelt right?")
    return [ip_address(text) for text in texts]


def _look_up(host: str, port: int, answers: SimpleQueue[list[str] | None]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        answers.put(None)
        return
    answers.put(list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)))
