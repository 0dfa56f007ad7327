"""One redaction step for every text that leaves the process.

A presigned URL is a secret: whoever has the query string can read the object. It turns up in
places nobody plans for (an exception of a library, a child's output), so texts are redacted where
they leave, by pattern (user information and query of any URL) and by value (secrets that were
registered when they became known, which also catches a signature that lost its URL).
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK = "[redacted]"
# Shorter values are words of everyday language; redacting those would spoil every text.
_SHORTEST_SECRET = 8
_USER_INFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/?#\"'<>@]*@")
_QUERY = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s?#\"'<>]+)\?[^\s#\"'<>]+")
_BEARER = re.compile(r"(?i)\b(bearer\s+)[a-z0-9._~+/=-]{8,}")

_lock = threading.Lock()
_registered: Counter[str] = Counter()
_pattern: re.Pattern[str] | None = None


def redact(text: str) -> str:
    """The text as anybody may see it."""
    if "://" in text:
        text = _USER_INFO.sub(rf"\1{MARK}@", text)
        text = _QUERY.sub(rf"\1?{MARK}", text)
    text = _BEARER.sub(rf"\1{MARK}", text)
    pattern = _pattern
    return pattern.sub(MARK, text) if pattern else text


def redact_tree(value: Any) -> Any:
    """The same for every text inside JSON-like data, keys included."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact_tree(key): redact_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_tree(item) for item in value]
    return value


def public_url(url: str) -> str:
    """Scheme, host and path: all of a URL that is kept once it was fetched."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def register(secrets: Iterable[str]) -> None:
    _change(secrets, 1)


@contextmanager
def registered(secrets: Iterable[str]) -> Iterator[None]:
    """Redact these values while the block runs, such as those of one job."""
    values = tuple(secrets)
    _change(values, 1)
    try:
        yield
    finally:
        _change(values, -1)


def secrets_of_url(url: str) -> set[str]:
    """What of a URL must not be seen: its query, each longer value in it, its password."""
    parts = urlsplit(url)
    secrets = {parts.query, unquote(parts.query)}
    secrets.update(value for _, value in parse_qsl(parts.query, keep_blank_values=True))
    if parts.password:
        secrets.add(parts.password)
    return {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}


def _change(secrets: Iterable[str], by: int) -> None:
    global _pattern  # noqa: PLW0603 - one redaction step for the whole process
    with _lock:
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                    _registered[form] += by
        known = sorted((s for s, n in _registered.items() if n > 0), key=len, reverse=True)
        _pattern = re.compile("|".join(map(re.escape, known))) if known else None
