"""The role that may read the views of the schema `shacl`, and nothing else.

It cannot log in: whoever runs the database makes a user a member of it. A database user who may not
make roles leaves it out; once somebody has made it, the next `setup` grants it what it is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exc, text

if TYPE_CHECKING:
    from sqlalchemy import Connection

READER = "flinkjobrunner_reader"
# Of the schema `shacl`, as the migrations make them.
VIEWS = (
    "activations",
    "alert_history",
    "constraints",
    "deployments",
    "knowledge",
    "programs",
    "shapes",
    "standing_alerts",
)
# Any constant will do: two who grant the same at once disturb each other.
_LOCK = 0x464A53


def let_read(connection: Connection) -> bool:
    """Whether the role is there, and may read every view."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if not _exists(connection) and not _made(connection):
        return False
    if not _may_read(connection):
        connection.execute(text(f"GRANT USAGE ON SCHEMA shacl TO {READER}"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA shacl TO {READER}"))
    return True


def _exists(connection: Connection) -> bool:
    query = text("SELECT count(*) FROM pg_roles WHERE rolname = :name")
    return bool(connection.scalar(query, {"name": READER}))


def _made(connection: Connection) -> bool:
    """Roles are the whole server's: one that another of its databases just made is as good."""
    try:
        with connection.begin_nested():
            connection.execute(text(f"CREATE ROLE {READER} NOLOGIN"))
    except exc.IntegrityError:
        return True
    except exc.ProgrammingError:
        return _exists(connection)
    return True


def _may_read(connection: Connection) -> bool:
    query = text(
        "SELECT has_schema_privilege(:name, 'shacl', 'USAGE') AND bool_and("
        "has_table_privilege(:name, format('shacl.%I', viewname), 'SELECT'))"
        " FROM pg_views WHERE schemaname = 'shacl'"
    )
    return bool(connection.scalar(query, {"name": READER}))
