"""The description of the interface, completed by what holds for every address.

flask-openapi3 describes what a view declares. That anybody may be asked for a token, that a page
of another site is refused and that every refusal has the one form is decided before any view runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flinkjobrunner.api.auth import OPEN
from flinkjobrunner.api.limits import HEALTH
from flinkjobrunner.api.problems import problem_responses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask_openapi3 import OpenAPI

_EVENTS = "text/event-stream"
_LAST_EVENT_ID = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "description": "The id of the last event that the reader got; sent by browsers by themselves.",
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
}
# Not a model of a view: the framework would take a token of digits only for a number.
_SESSION_FORM = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "properties": {"token": {"type": "string"}},
                "required": ["token"],
            }
        }
    },
}


def describe(app: OpenAPI) -> dict[str, Any]:
    """The whole document, as `/openapi.json` answers it."""
    document: dict[str, Any] = app.api_doc
    # A token or a cookie; neither where the service is bound to loopback.
    document["security"] = [{"token": []}, {"session": []}, {}]
    for path, operation in _operations(document):
        _complete(path, operation)
    document["paths"]["/session"]["post"]["requestBody"] = _SESSION_FORM
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for operation in item.values():
            yield path, operation


def _complete(path: str, operation: dict[str, Any]) -> None:
    given = {str(status): answer for status, answer in operation["responses"].items()}
    always = [400, 403, 500]
    if path not in OPEN:
        always += [401, 503]  # the token; what is kept about tokens cannot be read
    if "requestBody" in operation:
        always.append(415)
    if path not in HEALTH:
        always.append(429)
    problems = {str(status): answer for status, answer in problem_responses(*always).items()}
    # A 400 that no view declares is described by the framework, with a form that is not ours.
    declared = {
        status: answer
        for status, answer in given.items()
        if status not in problems or "application/json" not in answer.get("content", {})
    }
    operation["responses"] = dict(sorted((problems | declared).items()))
    if path in OPEN:
        operation["security"] = []
    if _EVENTS in given.get("200", {}).get("content", {}):
        operation["parameters"] = [*operation.get("parameters", ()), _LAST_EVENT_ID]
