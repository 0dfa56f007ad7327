"""Bearer tokens, and the session cookie that a browser gets for one.

A token is only kept as its hash: the one of `RUNNER_TOKEN` in memory, others in
`WORK_ROOT/auth/tokens.json`, which is read anew when it has changed. A cookie is signed with a key
beside it and bound to its token's hash, so a removed token takes its sessions along. A file that
cannot be understood is never taken for one without tokens: nobody gets in, and the answer says why.
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
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError

from flinkjobrunner.errors import ConfigurationError, Problem
from flinkjobrunner.telemetry import redaction

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.config import Settings

SESSION_SECONDS = 12 * 3600
_KEY_BYTES = 32


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


class _Entry(BaseModel):
    """A token in the file; what else stands in it is for people."""

    name: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,100}$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    scopes: frozenset[Scope]


_ENTRIES = TypeAdapter(list[_Entry])


class TokensDamagedError(ConfigurationError):
    """What is kept about tokens cannot be read; the text says which file and what to do."""

    def problem(self) -> Problem:
        return Problem(
            status=503,
            code="tokens-damaged",
            title="The service cannot tell who may",
            detail="What it keeps about tokens cannot be read, so nobody gets in.",
            hint="An administrator finds the file and what to do in the service's log.",
        )


class Tokens:
    """The tokens that this service accepts."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.work_root / "auth"
        self._configured: list[Token] = []
        self._key: bytes | None = None
        self._read: tuple[tuple[int, int, int], list[Token]] | None = None
        if settings.token is not None:
            secret = settings.token.get_secret_value()
            redaction.register([secret])
            self._configured = [
                Token(name="configured", digest=_digest(secret), scopes=frozenset(Scope))
            ]

    def require_readable(self) -> None:
        """At the start, when somebody is looking, rather than at the first request."""
        self._stored()
        self._session_key()

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
        path = self._folder / "tokens.json"
        try:
            found = path.stat()
            # Written as a whole under a new inode, or edited: either shows here.
            version = (found.st_ino, found.st_mtime_ns, found.st_size)
            if self._read is None or self._read[0] != version:
                self._read = (version, _tokens_of(path.read_bytes()))
        except FileNotFoundError:
            return []
        except (OSError, ValidationError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a list of tokens"
            raise TokensDamagedError(
                f"tokens-damaged: {path} cannot be used: {reason}. Restore it, or remove it: then"
                " the next start makes a new token and prints it"
            ) from None
        return self._read[1]

    def _sign(self, expires: int, token: Token) -> str:
        message = f"{expires}.{token.name}.{token.digest}".encode()
        return hmac.new(self._session_key(), message, hashlib.sha256).hexdigest()

    def _session_key(self) -> bytes:
        if self._key is None:
            path = self._folder / "session.key"
            try:
                if not path.exists():
                    _write_private(path, secrets.token_bytes(_KEY_BYTES))
                key = path.read_bytes()
            except OSError as error:
                raise _unusable_key(path, error.strerror or "it cannot be read") from None
            if len(key) != _KEY_BYTES:
                # With a shorter one, an empty one at worst, cookies could be forged.
                raise _unusable_key(path, f"it has {len(key)} bytes, expected {_KEY_BYTES}")
            self._key = key
        return self._key


def _unusable_key(path: Path, reason: str) -> TokensDamagedError:
    return TokensDamagedError(
        f"tokens-damaged: {path} cannot be used: {reason}. Remove it: then a new one is made, and"
        " browsers sign in again"
    )


def _tokens_of(content: bytes) -> list[Token]:
    return [
        Token(name=entry.name, digest=entry.sha256, scopes=entry.scopes)
        for entry in _ENTRIES.validate_json(content)
    ]


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
