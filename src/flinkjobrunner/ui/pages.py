"""`/` and `/ui/...`: pages, the fragments that a page fetches anew, and what tells it to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    stream_with_context,
    url_for,
)
from pydantic import TypeAdapter, ValidationError

from flinkjobrunner.api import audit, current, sse
from flinkjobrunner.errors import DatabaseUnavailableError, Problem
from flinkjobrunner.jobs import Queue
from flinkjobrunner.jobs.request import JobId
from flinkjobrunner.store.notify import ALERTS, JOB_LOG, JOBS
from flinkjobrunner.telemetry import get_logger, redact_tree
from flinkjobrunner.ui import first_steps, reference, text
from flinkjobrunner.ui.model import Overview, tone_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response as BaseResponse

    from flinkjobrunner.store.pulse import Pulse

log = get_logger(__name__)
blueprint = Blueprint(
    "ui",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/ui/static",
)
_JOB_ID: TypeAdapter[str] = TypeAdapter(JobId)
SECTIONS = ("alerts", "deployments", "jobs")


@blueprint.get("/")
def index() -> str:
    overview = _overview()
    sections = {name: getattr(overview, name)() for name in SECTIONS}
    return render_template("ui/overview.html", **_common(), **sections)


@blueprint.get("/docs")
def docs() -> str:
    document = current.description()
    return render_template(
        "ui/docs.html",
        **_common(),
        groups=reference.groups(document),
        schemas=reference.schemas(document),
    )


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Where browsers look when what they show is no page of ours, such as JSON."""
    response = blueprint.send_static_file("icon.svg")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/ui/fragments/<any(alerts, deployments, jobs):name>")
def fragment(name: str) -> str:
    section = getattr(_overview(), name)()
    return render_template(f"ui/_{name}.html", **_common(), **{name: section})


@blueprint.get("/ui/jobs/<job_id>")
def job(job_id: str) -> str:
    return render_template("ui/job.html", **_common(), page=_overview().job(_known(job_id)))


@blueprint.get("/ui/fragments/jobs/<job_id>")
def job_fragment(job_id: str) -> str:
    return render_template("ui/_job.html", **_common(), page=_overview().job(_known(job_id)))


@blueprint.get("/ui/jobs/<job_id>/log.txt")
def job_log(job_id: str) -> Response:
    queue = Queue(current.database_url())
    lines = _lines(queue, queue.get(_known(job_id)).job_id)
    return Response(stream_with_context(lines), content_type="text/plain; charset=utf-8")


@blueprint.post("/ui/jobs/<job_id>/cancel")
def cancel(job_id: str) -> BaseResponse:
    job = Queue(current.database_url()).cancel(_known(job_id), by=audit.actor())
    audit.record("audit.job-canceled", job_id=job.job_id)
    return redirect(url_for("ui.job", job_id=job_id), 303)


@blueprint.get("/ui/stream")
def stream() -> Response:
    """Unnamed events whose data names the sections that have changed."""
    overview = _overview()
    return sse.follow(current.listener(), [ALERTS, JOBS, JOB_LOG], lambda: _changes(overview))


@blueprint.errorhandler(Problem)
def problem(error: Problem) -> Response:
    """A page for people where an API path would answer a document."""
    page = render_template("ui/problem.html", problem=redact_tree(error.document()), **_common())
    return make_response(page, error.status, error.headers)


@blueprint.errorhandler(DatabaseUnavailableError)
def database_away(_error: DatabaseUnavailableError) -> Response:
    return problem(
        Problem(
            status=503,
            code="database-unavailable",
            title="The database does not answer",
            detail="Nothing is lost: what Flink finds meanwhile is shown as soon as it is back.",
            hint="Reload this page in a few seconds; /readyz says since when it is away.",
            headers={"Retry-After": "5"},
        )
    )


def _changes(overview: Overview) -> Iterator[sse.Event | None]:
    seen: Pulse | None = None
    while True:
        try:
            now = overview.pulse()
            # At the beginning all: what changed while the page was being loaded is unknown.
            if changed := now.changed(seen):
                yield sse.Event(data=" ".join(changed))
            seen = now
        except DatabaseUnavailableError:
            # The stream stays open: a browser would not come back after an error.
            log.warning("stream.waiting", stream="page")
        yield None


def _lines(queue: Queue, job_id: str) -> Iterator[str]:
    after = 0
    while lines := queue.lines(job_id, after):
        yield "".join(f"{line}\n" for _, line in lines)
        after = lines[-1][0]


def _known(job_id: str) -> str:
    """Whatever else stands in an address, no job can have it as its id."""
    try:
        return _JOB_ID.validate_python(job_id)
    except ValidationError:
        raise Problem(
            status=404,
            code="job-not-found",
            title="There is no such job",
            detail="The address names no job: an id has small letters, digits and hyphens.",
        ) from None


def _overview() -> Overview:
    return Overview(current.database_url())


def _common() -> dict[str, Any]:
    settings = current.settings()
    return {
        "now": datetime.now(UTC),
        "text": text,
        "tone_of": tone_of,
        "signed_in": settings.auth_required,
        "steps": first_steps.of(settings),
    }
