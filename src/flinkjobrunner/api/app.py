"""Puts the service's HTTP side together."""

from __future__ import annotations

import time
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, g, request
from flask_openapi3 import Info, OpenAPI

from flinkjobrunner import __version__
from flinkjobrunner.api import auth, browser, health, jobs, problems
from flinkjobrunner.api.body import StrictRequest, refuse_compressed
from flinkjobrunner.api.openapi import describe
from flinkjobrunner.api.probes import Probes
from flinkjobrunner.api.tokens import Tokens
from flinkjobrunner.config import get_settings
from flinkjobrunner.telemetry import metrics

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings

MAX_BODY_BYTES = 1024 * 1024
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def create_app(settings: Settings | None = None) -> Flask:
    """The application; nothing runs in the background until it is asked something."""
    settings = settings or get_settings()
    app = OpenAPI(
        __name__,
        info=Info(title="FlinkJobRunner", version=__version__),
        security_schemes={
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": auth.COOKIE},
        },
        validation_error_status=400,
        validation_error_model=problems.ProblemDocument,
        validation_error_callback=problems.on_validation_error,
        doc_ui=False,
        static_folder=None,
    )
    app.request_class = StrictRequest
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["settings"] = settings
    app.extensions["tokens"] = Tokens(settings)
    app.extensions["probes"] = Probes(settings)
    app.before_request(_start_clock)
    problems.install(app)
    browser.install(app, settings)
    auth.install(app, settings)
    app.before_request(refuse_compressed)
    app.after_request(_measure)
    _register(app)
    app.extensions["description"] = cache(lambda: describe(app))
    app.add_url_rule("/openapi.json", "openapi", app.extensions["description"])
    return app


def _register(app: OpenAPI) -> None:
    for module in (auth, health, jobs):
        app.register_api(module.blueprint)
    for name in ("inputs", "alerts", "deployments", "entities"):
        if find_spec(f"flinkjobrunner.api.{name}"):
            app.register_api(import_module(f"flinkjobrunner.api.{name}").blueprint)
    if find_spec("flinkjobrunner.ui"):
        app.register_blueprint(import_module("flinkjobrunner.ui").blueprint)


def _start_clock() -> None:
    g.started = time.perf_counter()


def _measure(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "(none)"
    # Anybody can make up methods; each would be a series for ever.
    method = request.method if request.method in _METHODS else "(other)"
    metrics.http_requests.labels(method, route, response.status_code).inc()
    started = cast("float | None", g.get("started"))
    if started is not None:
        metrics.http_seconds.labels(method, route).observe(time.perf_counter() - started)
    return response
