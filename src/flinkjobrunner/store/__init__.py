"""Everything that knows SQL. PostgreSQL only, the same in tests and in production.

`Connection` and `Row` are its words for a transaction in progress and for what a query found.
"""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy import RowMapping as Row

from flinkjobrunner.store.engine import begin, engine, reachable, read
from flinkjobrunner.store.migrate import head, is_current, migrate, revision, server_version

__all__ = [
    "Connection",
    "Row",
    "begin",
    "engine",
    "head",
    "is_current",
    "migrate",
    "reachable",
    "read",
    "revision",
    "server_version",
]
