"""Everything that knows SQL. PostgreSQL only, the same in tests and in production.

Importing this package is cheap; SQLAlchemy and Alembic are loaded by what uses them.
"""

from __future__ import annotations

from flinkjobrunner.store.engine import begin, engine, reachable, read
from flinkjobrunner.store.migrate import is_current, migrate

__all__ = ["begin", "engine", "is_current", "migrate", "reachable", "read"]
