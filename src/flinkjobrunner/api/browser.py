"""What a browser must not be talked into by a page of somebody else.

Bound to loopback the service needs no token, so a foreign page must neither reach it under a name
of its own (DNS rebinding: the Host header) nor send it anything (cross-site requests: Origin and
Sec-Fetch-Site, which browsers set and pages cannot). Programs send none of these and are unharmed.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, request

from flinkjobrunner.errors import Problem

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings

_SAFE = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: with that, browsers send `Origin: null` with our own pages' forms as well.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install(app: Flask, settings: Settings) -> None:
    if settings.bound_to_loopback:
        app.before_request(_refuse_foreign_host)
    app.before_request(_refuse_foreign_page)
    app.after_request(_protect)


def _refuse_foreign_host() -> None:
    name = urlsplit(f"//{request.host}").hostname or ""
    if not _is_local(name):
        raise Problem(
            status=403,
            code="host-not-allowed",
            title="This name is not one of the service",
            detail=f"The service is bound to loopback and answers to localhost, not to {name!r}.",
            hint="Open http://127.0.0.1 with the service's port, or bind it to another address"
            " with RUNNER_BIND.",
        )


def _refuse_foreign_page() -> None:
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in ("same-origin", "none") or (origin is not None and not _is_ours(origin)):
        raise Problem(
            status=403,
            code="cross-site-request",
            title="A page of another site may not do this",
            detail="The browser says that this request comes from another site's page.",
            hint="Behind a proxy, pass the Host header through unchanged.",
        )


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _is_ours(origin: str) -> bool:
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def _is_local(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
