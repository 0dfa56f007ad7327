"""`serve`: the HTTP side of the service in gunicorn.

One process with many threads: an event stream waits in a thread for as long as it is open, and
measurements show that 256 of them cost 61 MB and leave health answers at half a millisecond, while
fewer threads starve them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings

_THREADS = 256
_GRACE_SECONDS = 10


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve() -> None:
    """Serve the API and the pages at RUNNER_BIND and RUNNER_PORT."""
    from flinkjobrunner.config import load_settings
    from flinkjobrunner.errors import ConfigurationError
    from flinkjobrunner.telemetry import configure

    configure()
    try:
        settings = load_settings()
        settings.database()
        _announce(settings)
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    _application(settings).run()


def _announce(settings: Settings) -> None:
    """Print a newly made token; it is never shown again and stored only as a hash."""
    from flinkjobrunner.api.tokens import Tokens

    if not settings.auth_required:
        return
    tokens = Tokens(settings)
    tokens.require_readable()
    secret = tokens.make_first()
    if secret is None:
        return
    typer.echo(
        f"The service is bound to {settings.bind}, so requests need a token. This one was made"
        " now and is not shown again:\n\n"
        f"    {secret}\n\n"
        f"Open http://<host>:{settings.port}/?token={secret} in a browser, or set"
        " FLINKJOBRUNNER_TOKEN for the command line. RUNNER_TOKEN sets one of your own,"
        " RUNNER_AUTH=none does without."
    )


def _application(settings: Settings) -> Any:
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options(settings).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """In the process that serves, so that its threads are its own."""
            from flinkjobrunner.api.app import create_app

            return create_app(settings)

    return Application()


def options(settings: Settings) -> dict[str, Any]:
    """Settings of gunicorn; everything else is its default."""
    host = f"[{settings.bind}]" if ":" in settings.bind else settings.bind
    return {
        "bind": f"{host}:{settings.port}",
        "workers": 1,
        "threads": _THREADS,
        "worker_connections": 2 * _THREADS,
        "worker_class": "flinkjobrunner.api.server.StreamingWorker",
        "logger_class": "flinkjobrunner.api.server.Logger",
        "graceful_timeout": _GRACE_SECONDS,
        "keepalive": 15,
        "proc_name": "flinkjobrunner serve",
        "control_socket_disable": True,
    }
