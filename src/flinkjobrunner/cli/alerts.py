"""`alerts`: what is wrong now, or what changes from now on, asked of the service."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from flinkjobrunner.cli.client import Service


class State(StrEnum):
    STANDING = "standing"
    CLEARED = "cleared"
    ALL = "all"


def register(app: typer.Typer) -> None:
    app.command()(alerts)


def alerts(
    state: Annotated[State, typer.Option(help="Which alerts to list.")] = State.STANDING,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Then print every change as it happens.")
    ] = False,
    deployment: Annotated[str | None, typer.Option(help="Only of this deployment.")] = None,
    entity: Annotated[str | None, typer.Option(help="Only of the entity with this id.")] = None,
    entity_type: Annotated[str | None, typer.Option("--type", help="Only of this type.")] = None,
    shape: Annotated[str | None, typer.Option(help="Only of this shape.")] = None,
    severity: Annotated[
        str | None, typer.Option(help="violation, warning, info, or an IRI.")
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="Only with this in the entity, shape or message.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="List at most so many.")] = 100,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document per alert and line.")
    ] = False,
) -> None:
    """List alerts, newest first; with --follow also what changes from then on."""
    from flinkjobrunner.cli.client import Service, one_sentence

    conditions = {
        "deployment": deployment,
        "entity": entity,
        "type": entity_type,
        "shape": shape,
        "severity": severity,
        "text": text,
    }
    query = {name: value for name, value in conditions.items() if value is not None}
    with one_sentence(), Service() as service:
        position = _list(service, query | {"state": state.value}, limit, as_json=as_json)
        if follow:
            _follow(service, query | {"after": position}, as_json=as_json)


def _list(service: Service, query: dict[str, str], limit: int, *, as_json: bool) -> str:
    """Prints the list, and answers the position up to which it is complete."""
    position, cursor, left = "", None, limit
    while left > 0:
        page, headers = service.page(
            "/alerts",
            **query,
            limit=min(left, 500),
            **({"cursor": cursor} if cursor else {}),
        )
        # The first page's position: what changes while the others are read comes again.
        position = position or headers["Alerts-Position"]
        for alert in page["items"]:
            _print(alert, as_json=as_json)
        left -= len(page["items"])
        cursor = page["next"]
        if not cursor:
            break
    if left == limit and not as_json:
        typer.echo("No alert stands." if query["state"] == "standing" else "There are no alerts.")
    return position


def _follow(service: Service, query: dict[str, str], *, as_json: bool) -> None:
    def on_alert(data: str) -> None:
        _print(json.loads(data), as_json=as_json)

    try:
        service.listen("/alerts/stream", on_alert, **query)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _print(alert: dict[str, Any], *, as_json: bool) -> None:
    typer.echo(json.dumps(alert, ensure_ascii=False) if as_json else line(alert))


def line(alert: dict[str, Any]) -> str:
    """An alert on one line: when, what became of it, how bad, where and what."""
    from flinkjobrunner.alerts import words

    at = alert["clearedAt"] if alert["state"] == "cleared" else alert["updatedAt"]
    severity = words.severity(alert["severity"]).word
    stale = "  (stale)" if alert.get("staleSince") else ""
    return f"{at[:19]}Z  {alert['state']:7}  {severity:10}  {words.sentence(alert)}{stale}"
