"""Where Flink jobs run. `backend_of` knows which implementation the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flinkjobrunner.config import Backend as Kind
from flinkjobrunner.errors import ConfigurationError

if TYPE_CHECKING:
    from flinkjobrunner.backends.base import Backend
    from flinkjobrunner.config import Settings


def backend_of(settings: Settings) -> Backend:
    """Imported when needed: a step knows one of them only."""
    if settings.backend is Kind.LOCAL:
        from flinkjobrunner.backends.local.backend import LocalBackend

        return LocalBackend(settings.flink_url, settings.work_root)
    if settings.backend is Kind.SESSION:
        from flinkjobrunner.backends.session import SessionBackend

        return SessionBackend(settings.flink_url)
    raise ConfigurationError(
        "RUNNER_BACKEND is kubernetes, which this version cannot deploy to yet; use session"
    )
