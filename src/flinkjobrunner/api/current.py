"""What a view needs of the application it runs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import current_app

from flinkjobrunner.jobs import Queue
from flinkjobrunner.store.notify import listener as listener_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flinkjobrunner.api.probes import Probes
    from flinkjobrunner.api.tokens import Tokens
    from flinkjobrunner.config import Settings
    from flinkjobrunner.store.notify import Listener


def settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])


def tokens() -> Tokens:
    return cast("Tokens", current_app.extensions["tokens"])


def probes() -> Probes:
    return cast("Probes", current_app.extensions["probes"])


def description() -> dict[str, Any]:
    """The OpenAPI document of the interface."""
    return cast("Callable[[], dict[str, Any]]", current_app.extensions["description"])()


def database_url() -> str:
    return settings().database()


def queue() -> Queue:
    return Queue(database_url())


def listener() -> Listener:
    return listener_of(database_url())
