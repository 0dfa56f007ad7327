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
# "://" as it is written plainly, in JSON with escaped slashes, and percent-encoded (even twice).
_SCHEME_END = r"(?::|%(?:25)*3a)(?:\\*/|%(?:25)*2f){2}"
_HAS_URL = re.compile(rf"(?i){_SCHEME_END}")
_WORD = re.compile(r"[^\s\"<>`]+")
_QUERY_START = re.compile(r"(?i)\?|\\+u003f|%(?:25)*3f")
# What may follow an address in a text without being of it.
_AFTER = "\\'),.;:]}*|"
_USER_INFO = re.compile(rf"(?i)({_SCHEME_END})[^\s/?#\"<>\\]{{0,512}}(?:@|%(?:25)*40)")
_BEARER = re.compile(r"(?i)\b(bearer\s+)[a-z0-9._~+/=-]{8,}")
# A query that lost its address: libraries say "with url: /bucket/key?X-Amz-Signature=...".
_PARAMETER = re.compile(
    r"(?i)((?:[?&;]|\\+u0026|%(?:25)*(?:3f|26)|\b(?=x-(?:amz|goog)))"
    r"(?:x-(?:amz|goog|ms|oss|obs)-[a-z-]{1,40}|awsaccesskeyid|signature|sig|access_token|token"
    r"|password|secret|api_?key)(?:=|%(?:25)*3d))[^\s&\"<>#']+"
)

_lock = threading.Lock()
_registered: Counter[str] = Counter()
_pattern: re.Pattern[str] | None = None


def redact(text: str) -> str:
    """The text as anybody may see it."""
    if _HAS_URL.search(text):
        text = _USER_INFO.sub(rf"\1{MARK}@", text)
        text = _WORD.sub(_without_query, text)
    text = _PARAMETER.sub(rf"\1{MARK}", text)
    text = _BEARER.sub(rf"\1{MARK}", text)
    pattern = _pattern
    return pattern.sub(MARK, text) if pattern else text


def _without_query(match: re.Match[str]) -> str:
    """A run of characters without space or quote; all that follows the first query in it goes.

    Found by searching twice rather than by one pattern, which would take quadratic time on texts
    made for it.
    """
    word = match[0]
    url = _HAS_URL.search(word)
    start = _QUERY_START.search(word, url.end()) if url else None
    if start is None or start.end() == len(word):
        return word
    query = word[start.end() :].removeprefix(MARK)
    return word[: start.end()] + MARK + query[len(query.rstrip(_AFTER)) :]


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
