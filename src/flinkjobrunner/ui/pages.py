"""`/` and what it is made of. A page never waits for Flink or Kafka: it shows what was last
observed, and how old that is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, abort, current_app, make_response, render_template

from flinkjobrunner.alerts.queries import AlertFilter, Alerts, Selection, document
from flinkjobrunner.errors import DatabaseUnavailableError, Problem
from flinkjobrunner.jobs import Queue
from flinkjobrunner.store import deployments, overview, read
from flinkjobrunner.ui import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from flinkjobrunner.config import Settings

blueprint = Blueprint(
    "ui",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/ui/static",
)

# As many as somebody reads; the JSON twin has all of them.
_MOST_ALERTS = 200
_MOST_JOBS = 20
_MOST_LINES = 2000


@blueprint.app_template_filter("ago")
def _ago(moment: datetime | None) -> str:
    return shown.ago(moment, datetime.now(UTC))


@blueprint.app_context_processor
def _now() -> dict[str, Any]:
    return {"now": datetime.now(UTC)}


blueprint.add_app_template_filter(shown.span, "span")
blueprint.add_app_template_filter(shown.absolute, "absolute")


@blueprint.get("/")
def index() -> Response:
    return _page("ui/overview.html", _overview)


@blueprint.get("/ui/")
def ui() -> Response:
    return index()


@blueprint.get("/ui/fragments/<name>")
def fragment(name: str) -> Response:
    """One section, for the script that keeps the page up to date."""
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "deployments": _deployments,
        "alerts": _alerts,
        "jobs": _jobs,
    }
    maker = makers.get(name)
    if maker is None:
        abort(404)
    try:
        return make_response(render_template(f"ui/{name}.html", **maker()))
    except DatabaseUnavailableError:
        return make_response("", 503)


@blueprint.get("/ui/jobs/<job_id>")
def job(job_id: str) -> Response:
    def content() -> dict[str, Any]:
        queue = Queue(_url())
        found = queue.get(job_id)
        first = max(0, found.log_lines - _MOST_LINES)
        return {
            "job": shown.job(found, datetime.now(UTC)),
            "lines": queue.lines(found.job_id, first, _MOST_LINES),
            "left_out": first,
        }

    try:
        return _page("ui/job.html", content)
    except Problem as problem:
        if problem.status not in (400, 404):
            raise
        return make_response(render_template("ui/absent.html", problem=problem), problem.status)


def _page(template: str, content: Callable[[], dict[str, Any]]) -> Response:
    try:
        return make_response(render_template(template, **content()))
    except DatabaseUnavailableError:
        return make_response(render_template("ui/unavailable.html"), 503)


def _url() -> str:
    return cast("Settings", current_app.extensions["settings"]).database()


def _overview() -> dict[str, Any]:
    return _deployments() | _alerts() | _jobs()


def _deployments() -> dict[str, Any]:
    with read(_url()) as connection:
        now = overview.database_now(connection)
        standing = overview.standing_by_severity(connection)
        found = deployments.listing(connection)
    return {
        "deployments": [shown.deployment(one, now, standing.get(one.name, {})) for one in found]
    }


def _alerts() -> dict[str, Any]:
    alerts = Alerts(_url())
    # Read first: what changes meanwhile is told again by the stream rather than missed.
    position = alerts.position()
    page = alerts.page(Selection.STANDING, AlertFilter(), before=None, limit=_MOST_ALERTS)
    counts = alerts.standing(groups=1).by_severity
    return {
        "position": position,
        "alerts": [shown.alert(document(row)) for row in page.items],
        "severities": shown.severities(counts),
        "standing": sum(counts.values()),
    }


def _jobs() -> dict[str, Any]:
    now = datetime.now(UTC)
    found = Queue(_url()).page(limit=_MOST_JOBS)
    return {"jobs": [shown.job(one, now) for one in found[:_MOST_JOBS]]}
