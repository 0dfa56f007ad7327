"""Refuses a client that asks too often: a loop that ran wild must not take the service from others.

A client is its token, or where it has none its address. Counted is after the token was looked at
and before it is acted upon: guesses are counted by address and cannot use up what somebody with
a token has. Health is never refused, or a busy service would be restarted for being busy.
"""

from __future__ import annotations

import math
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, cast

from flask import Flask, g, request

from flinkjobrunner.api.rate import Rate
from flinkjobrunner.errors import Problem

if TYPE_CHECKING:
    from flinkjobrunner.api.tokens import Token
    from flinkjobrunner.config import Settings

BURST_SECONDS = 5.0
HEALTH = ("/healthz", "/readyz")


def install(app: Flask, settings: Settings) -> None:
    if settings.rate_limit == 0:
        return
    rate = Rate(per_second=settings.rate_limit, burst=max(1.0, BURST_SECONDS * settings.rate_limit))

    def count() -> None:
        if request.path in HEALTH:
            return
        wait = rate.take(_client())
        if wait:
            raise _too_many(wait)

    app.before_request(count)


def _client() -> str:
    token = cast("Token | None", g.get("token"))
    return f"token {token.name}" if token else f"address {network_of(request.remote_addr or '')}"


def network_of(address: str) -> str:
    """Whoever has an IPv6 address has the 2^64 beside it as well."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed.packed, 64), strict=False))
    return str(parsed)


def _too_many(wait: float) -> Problem:
    return Problem(
        status=429,
        code="too-many-requests",
        title="Requests come too often",
        detail="This client has sent more requests than it may; nothing was done.",
        hint="Send it again after the seconds in Retry-After. RUNNER_RATE_LIMIT of the service"
        " says how many requests a second a client may send.",
        headers={"Retry-After": str(math.ceil(wait))},
    )
