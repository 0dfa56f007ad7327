"""Brings the schema to this version of the code; several processes may ask at once.

Alembic takes longer to import than a step may take to start, so it is imported when needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from flinkjobrunner.errors import ConfigurationError
from flinkjobrunner.store import reading, semantics
from flinkjobrunner.store.engine import begin

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection

_FOLDER = Path(__file__).parent / "migrations"
# Any constant will do, as long as nobody else's advisory lock in this database has it.
_LOCK = 0x464A52


def migrate(url: str) -> None:
    """Upgrade to the newest revision: one transaction, all or nothing, idempotent."""
    if revision(url) == head():
        return
    from alembic import command
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with begin(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = _config(connection)
        script = ScriptDirectory.from_config(config)
        present = MigrationContext.configure(connection).get_current_revision()
        if present == script.get_current_head():
            return
        if present is not None and present not in {r.revision for r in script.walk_revisions()}:
            raise ConfigurationError(
                f"the database has schema {present}, which this version does not know: it was"
                " upgraded by a newer version; run that one or use another database"
            )
        command.upgrade(config, "head")
        semantics.fill(connection)
        reading.let_read(connection)


def is_current(url: str) -> bool:
    """Whether the schema is the one that this code expects."""
    return revision(url) == head()


def head() -> str:
    """The newest revision of this code; migrations are named after their revisions."""
    return max(path.name for path in (_FOLDER / "versions").glob("[0-9]*.py")).partition("_")[0]


def revision(url: str) -> str | None:
    """The revision of the schema that is there; None when there is none."""
    with begin(url) as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        present = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if present is None else str(present)


def server_version(url: str) -> str:
    with begin(url) as connection:
        return str(connection.scalar(text("SHOW server_version")))


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
