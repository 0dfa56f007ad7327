"""Absence has a name; a transaction is whole; secrets of the URL do not come out."""

from __future__ import annotations

from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import exc

from flinkjobrunner.errors import DatabaseUnavailableError
from flinkjobrunner.store import begin, engine, reachable, read
from flinkjobrunner.store.engine import conninfo
from support.service import until


def test_a_transaction_is_all_or_nothing(empty_database_url: str) -> None:
    with begin(empty_database_url) as connection:
        connection.exec_driver_sql("CREATE TABLE numbers (n int PRIMARY KEY)")
    with suppress(RuntimeError), begin(empty_database_url) as connection:
        connection.exec_driver_sql("INSERT INTO numbers VALUES (1)")
        raise RuntimeError
    with read(empty_database_url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM numbers").scalar() == 0


def test_a_reader_sees_what_is_committed_meanwhile(empty_database_url: str) -> None:
    with begin(empty_database_url) as connection:
        connection.exec_driver_sql("CREATE TABLE numbers (n int)")
    with read(empty_database_url) as connection:
        count = "SELECT count(*) FROM numbers"
        assert connection.exec_driver_sql(count).scalar() == 0
        with begin(empty_database_url) as other:
            other.exec_driver_sql("INSERT INTO numbers VALUES (1)")
        assert connection.exec_driver_sql(count).scalar() == 1


def test_absence_is_not_the_same_as_a_mistake(empty_database_url: str) -> None:
    with pytest.raises(DatabaseUnavailableError), read("postgresql://nobody@127.0.0.1:1/none"):
        pass
    with pytest.raises(exc.ProgrammingError), read(empty_database_url) as connection:
        connection.exec_driver_sql("SELECT * FROM nothing")
    assert reachable(empty_database_url)
    assert not reachable("postgresql://nobody@127.0.0.1:1/none")


def use_a_connection_that_breaks(url: str) -> None:
    with begin(url) as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        connection.exec_driver_sql("SELECT 1")


def test_a_connection_that_breaks_is_absence_and_the_next_one_works(
    empty_database_url: str,
) -> None:
    with pytest.raises(DatabaseUnavailableError):
        use_a_connection_that_breaks(empty_database_url)
    assert reachable(empty_database_url)


def test_no_statement_waits_for_ever_and_times_are_utc(empty_database_url: str) -> None:
    with read(empty_database_url) as connection:
        for setting, value in {
            "statement_timeout": "30s",
            "lock_timeout": "15s",
            "TimeZone": "UTC",
        }.items():
            assert connection.exec_driver_sql(f"SHOW {setting}").scalar() == value


def test_the_password_is_not_shown() -> None:
    url = "postgresql://user:marker-secret@127.0.0.1:1/none"
    assert "marker-secret" not in repr(engine(url))
    assert "marker-secret" in conninfo(url)
    with pytest.raises(DatabaseUnavailableError) as caught, begin(url):
        pass
    assert "marker-secret" not in f"{caught.value} {caught.value.__cause__}"


def leave_a_transaction_open(url: str) -> None:
    """Until its connection is gone, and then go on."""
    with begin(url) as connection:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with psycopg.connect(url, autocommit=True) as other:
            query = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
            until(lambda: other.execute(query, [pid]).fetchone() == (0,))
        connection.exec_driver_sql("SELECT 1")


def test_a_transaction_that_nobody_goes_on_with_is_ended(empty_database_url: str) -> None:
    """Of a process that is stopped, or whose machine is gone: its locks would keep jobs waiting."""
    with read(empty_database_url) as connection:
        shown = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar()
    assert shown == "10s"
    with pytest.raises(DatabaseUnavailableError):
        leave_a_transaction_open(empty_database_url)
