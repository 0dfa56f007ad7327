"""Who did what: events named `audit.*` in the service's log, for whoever has to account for it.

They say the name of the token, the peer's address and what it was about, and never a secret. Who
created or canceled a job stands in the database as well, in the job's events.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from flask import g, request

from flinkjobrunner.api.rate import Rate
from flinkjobrunner.telemetry import get_logger

if TYPE_CHECKING:
    from flinkjobrunner.api.tokens import Token

ANONYMOUS = "anonymous"
_USE_SECONDS = 3600.0

log = get_logger(__name__)


class Uses:
    """Tells the use of a token once an hour for each address it comes from, not at each request."""

    def __init__(self) -> None:
        self._told = Rate(per_second=1 / _USE_SECONDS, burst=1, clock=time.monotonic)

    def note(self, token: Token) -> None:
        if self._told.take(f"{token.name} {request.remote_addr}") == 0:
            record("audit.token-used")


def actor() -> str:
    token = cast("Token | None", g.get("token"))
    return token.name if token else ANONYMOUS


def record(action: str, **about: str | int) -> None:
    log.info(action, actor=actor(), address=request.remote_addr, **about)
