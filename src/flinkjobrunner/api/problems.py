"""Every answer that is no success has the one form: application/problem+json with a stable code.

That holds for what views raise (`Problem`), for what the framework refuses by itself (404, 405,
413, ...), for requests that do not fit their model, and for our own faults.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from gunicorn.http.errors import ParseException
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import HTTPException

from flinkjobrunner.api.slow import SlowRequestError
from flinkjobrunner.api.tokens import TokensDamagedError
from flinkjobrunner.errors import DatabaseUnavailableError, Problem
from flinkjobrunner.telemetry import get_logger, redact_tree

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

log = get_logger(__name__)

_CODES = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "request-timeout",
    411: "length-required",
    413: "body-too-large",
    414: "url-too-long",
    415: "unsupported-media-type",
    431: "headers-too-large",
}


class RefusedField(BaseModel):
    """One field of a request that was refused."""

    field: str
    message: str


class ProblemDocument(BaseModel):
    """application/problem+json (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    status: int
    code: str
    title: str
    detail: str | None = None
    hint: str | None = None
    fields: list[RefusedField] | None = None


def install(app: Flask) -> None:
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(DatabaseUnavailableError, _database_unavailable)
    app.register_error_handler(TokensDamagedError, _tokens_damaged)
    app.register_error_handler(SlowRequestError, _slow)
    app.register_error_handler(ParseException, _malformed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def respond(problem: Problem) -> Response:
    """The response of a problem; nothing secret gets into it, whatever its text quotes."""
    body = json.dumps(redact_tree(problem.document()), ensure_ascii=False)
    response = Response(body, problem.status, content_type="application/problem+json")
    response.headers.update(problem.headers)
    return response


def refused_fields(error: ValidationError) -> Problem:
    """What a model refused, with the fields by name and never with their values."""
    details = error.errors(include_url=False, include_input=False)
    unknown = [detail for detail in details if detail["type"] == "extra_forbidden"]
    first = unknown[0] if unknown else details[0]
    return Problem(
        status=400,
        code="unknown-field" if unknown else "invalid-field",
        title="The request has an unknown field" if unknown else "The request has an invalid field",
        detail=f"{_field(first)}: {_message(first)}",
        fields=[{"field": _field(detail), "message": _message(detail)} for detail in details],
    )


def on_validation_error(error: ValidationError) -> Response:
    """For flask-openapi3: what a declared path, query or body model refused."""
    return respond(refused_fields(error))


def _field(detail: ErrorDetails) -> str:
    return ".".join(str(part) for part in detail["loc"]) or "body"


def _message(detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        return "is not known here"
    return detail["msg"].removeprefix("Value error, ")


def _problem(problem: Problem) -> Response:
    return respond(problem)


def _database_unavailable(_error: DatabaseUnavailableError) -> Response:
    return respond(
        Problem(
            status=503,
            code="database-unavailable",
            title="The database cannot be reached",
            hint="Nothing was changed. Send the same request again in a few seconds;"
            " GET /readyz says since when the database is away.",
            headers={"Retry-After": "5"},
        )
    )


def _tokens_damaged(error: TokensDamagedError) -> Response:
    log.error("tokens.damaged", detail=str(error))
    return respond(error.problem())


def _malformed(error: ParseException) -> Response:
    """gunicorn reads a chunked body while the view does, and only then sees what is wrong."""
    log.warning("http.malformed", kind=type(error).__name__)
    return respond(
        Problem(
            status=400,
            code="bad-request",
            title="The request is not valid HTTP",
            detail="The chunks of its body are malformed.",
            headers={"Connection": "close"},
        )
    )


def _slow(_error: SlowRequestError) -> Response:
    return respond(
        Problem(
            status=408,
            code="request-timeout",
            title="The request did not arrive in time",
            detail="The rest of its body was waited for as long as may be.",
            headers={"Connection": "close"},
        )
    )


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if error.response is not None or status < HTTPStatus.BAD_REQUEST:
        return error
    headers = {key: value for key, value in error.get_headers() if key in ("Allow", "Retry-After")}
    return respond(
        Problem(
            status=status,
            code=_CODES.get(status, f"http-{status}"),
            title=error.name,
            detail=_detail(status) or (error.description or ""),
            headers=headers,
        )
    )


def _detail(status: int) -> str:
    texts: dict[int, str] = {
        404: f"There is nothing at {request.path}.",
        405: f"{request.method} is not possible at {request.path}.",
        413: "The request's body is larger than this address accepts.",
    }
    return texts.get(status, "")


def _fault(error: Exception) -> Response:
    log.error("request.fault", method=request.method, path=request.path, exc_info=error)
    return respond(
        Problem(
            status=500,
            code="internal-error",
            title="The service made a mistake",
            hint="The service's log has the details under the action request.fault.",
        )
    )


def problem_responses(*statuses: int) -> dict[Any, Any]:
    """For the OpenAPI document: these statuses answer with a problem."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/ProblemDocument"}
                }
            },
        }
        for status in statuses
    }
