"""Service logs: one event per line, JSON for machines or text for people, redacted.

Everything goes through the standard library's root logger, so that a line of a library
(alembic, gunicorn, the Kafka client) has the same form and passes the same redaction.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import structlog

from flinkjobrunner.telemetry.redaction import redact, redact_tree

if TYPE_CHECKING:
    from types import TracebackType

    from structlog.types import EventDict, Processor, WrappedLogger

_QUIET = ("alembic", "werkzeug", "httpx2", "httpcore2", "urllib3")


def configure(*, json: bool | None = None, level: int = logging.INFO) -> None:
    """Set up logging for this process; JSON unless standard error is a terminal."""
    as_json = not sys.stderr.isatty() if json is None else json
    if os.environ.get("FLINKJOBRUNNER_LOG") in ("json", "console"):
        as_json = os.environ["FLINKJOBRUNNER_LOG"] == "json"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(shared, as_json=as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are named by `action`, as in `log.info("job.claimed", job_id=...)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The interpreter would print it as it is, with whatever its text quotes."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    get_logger(__name__).critical("process.fault", exc_info=(kind, error, trace))


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is None or issubclass(arguments.exc_type, SystemExit):
        return
    get_logger(__name__).error(
        "thread.fault",
        thread=arguments.thread.name if arguments.thread else None,
        exc_info=(arguments.exc_type, arguments.exc_value, arguments.exc_traceback),
    )


def _formatter(shared: list[Processor], *, as_json: bool) -> logging.Formatter:
    rendering: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        rendering += [
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("action"),
            _redact_event,
            structlog.processors.JSONRenderer(),
        ]
    else:
        rendering += [
            structlog.processors.format_exc_info,
            _redact_event,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=rendering)


def _redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: _redact_value(value) for key, value in event.items()}


def _redact_value(value: Any) -> Any:
    if isinstance(value, str | dict | list | tuple):
        return redact_tree(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))
