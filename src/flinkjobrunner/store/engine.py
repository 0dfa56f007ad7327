"""Connections to PostgreSQL, and the one place where its absence gets a name.

Callers outside of the store see no exception of SQLAlchemy: when the database cannot be reached
they get `DatabaseUnavailableError`, which the API answers with 503 and loops answer with patience.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine, make_url

from flinkjobrunner.errors import ConfigurationError, DatabaseUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SESSION = {
    # A statement that takes longer waits for a lock; failing is better than hanging.
    "statement_timeout": "30s",
    "lock_timeout": "15s",
    # A process that was stopped in the middle of a transaction, or whose machine is gone, must not
    # keep its locks: nobody could take over the job whose row it has locked.
    "idle_in_transaction_session_timeout": "10s",
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
    "timezone": "UTC",
}
_CONNECT_ARGS = {
    "connect_timeout": 5,
    "application_name": "flinkjobrunner",
    "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
    # A peer that vanished is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


@cache  # a pool that fell out of a bounded cache would leave its connections open
def engine(url: str) -> Engine:
    """The pool of this process for this database; it connects when first used."""
    try:
        parsed = make_url(url).set(drivername="postgresql+psycopg")
    except exc.ArgumentError:
        raise ConfigurationError(
            "RUNNER_DATABASE_URL is no URL of a database; expected postgresql://user@host/name"
        ) from None
    return sqlalchemy.create_engine(
        parsed,
        pool_size=4,
        max_overflow=28,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args=_CONNECT_ARGS,
    )


def conninfo(url: str) -> str:
    """The same address for psycopg itself, which knows no driver names."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def begin(url: str) -> Iterator[Connection]:
    """One transaction: committed at the end of the block, rolled back by an exception."""
    with _named_absence(), engine(url).begin() as connection:
        yield connection


@contextmanager
def read(url: str) -> Iterator[Connection]:
    """A connection for statements that each see the newest committed state; no transaction."""
    with _named_absence(), engine(url).connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def reachable(url: str) -> bool:
    """Whether the database answers now."""
    try:
        with read(url) as connection:
            connection.execute(sqlalchemy.text("SELECT 1"))
    except DatabaseUnavailableError:
        return False
    return True


@contextmanager
def _named_absence() -> Iterator[None]:
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise DatabaseUnavailableError("the database cannot be reached") from error
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailableError("the connection to the database broke") from error
        raise
