"""Bearer tokens, and the session cookie that a browser gets for one.

A token is only kept as its hash: the one of `RUNNER_TOKEN` in memory, others in
`WORK_ROOT/auth/tokens.json`. A cookie is signed with a key beside it and bound to its token's
hash, so a removed token takes its sessions along.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flinkjobrunner.telemetry import redaction

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.config import Settings

SESSION_SECONDS = 12 * 3600


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True)
class Token:
    name: str
    digest: str
    scopes: frozenset[Scope]

    def allows(self, scope: Scope) -> bool:
        """The scopes contain one another: who may administer may write, who may write may read."""
        wider = {Scope.READ: set(Scope), Scope.WRITE: {Scope.WRITE, Scope.ADMIN}}
        return bool(self.scopes & wider.get(scope, {scope}))


class Tokens:
    """The tokens that this service accepts."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.work_root / "auth"
        self._configured: list[Token] = []
        self._key: bytes | None = None
        if settings.token is not None:
            secret = settings.token.get_secret_value()
            redaction.register([secret])
            self._configured = [
                Token(name="configured", digest=_digest(secret), scopes=frozenset(Scope))
            ]

    def make_first(self) -> str | None:
        """A new token when there is none at all: the only time that it can be read."""
        if self._configured or self._stored():
            return None
        secret = secrets.token_urlsafe(32)
        entry = {
            "name": "first-start",
            "sha256": _digest(secret),
            "scopes": [scope.value for scope in Scope],
            "createdAt": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        _write_private(self._folder / "tokens.json", json.dumps([entry], indent=1).encode())
        return secret

    def identify(self, secret: str) -> Token | None:
        """Whose token this is; takes the same time whether it is nearly right or all wrong."""
        digest = _digest(secret)
        found = None
        for token in self._all():
            if hmac.compare_digest(token.digest, digest):
                found = token
        return found

    def open_session(self, token: Token) -> str:
        """The value of a session cookie."""
        expires = int(time.time()) + SESSION_SECONDS
        return f"{expires}.{token.name}.{self._sign(expires, token)}"

    def identify_session(self, cookie: str) -> Token | None:
        expires, _, rest = cookie.partition(".")
        name, _, signature = rest.rpartition(".")
        # Python refuses to make an integer of thousands of digits.
        if not expires.isascii() or not expires.isdigit() or len(expires) > 12:
            return None
        if int(expires) < time.time():
            return None
        for token in self._all():
            if token.name == name and hmac.compare_digest(
                self._sign(int(expires), token).encode(), signature.encode()
            ):
                return token
        return None

    def _all(self) -> list[Token]:
        return [*self._configured, *self._stored()]

    def _stored(self) -> list[Token]:
        try:
            entries = json.loads((self._folder / "tokens.json").read_bytes())
        except FileNotFoundError:
            return []
        return [
            Token(
                name=entry["name"],
                digest=entry["sha256"],
                scopes=frozenset(Scope(scope) for scope in entry["scopes"]),
            )
            for entry in entries
        ]

    def _sign(self, expires: int, token: Token) -> str:
        message = f"{expires}.{token.name}.{token.digest}".encode()
        return hmac.new(self._session_key(), message, hashlib.sha256).hexdigest()

    def _session_key(self) -> bytes:
        if self._key is None:
            path = self._folder / "session.key"
            if not path.exists():
                _write_private(path, secrets.token_bytes(32))
            self._key = path.read_bytes()
        return self._key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _write_private(path: Path, content: bytes) -> None:
    """Create the file for its owner only; of several processes the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
