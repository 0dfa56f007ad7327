"""The role that reads the views, on a real server whose users may do different things."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import exc

from flinkjobrunner.store import begin, engine, migrate
from flinkjobrunner.store.reading import READER, let_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@contextmanager
def reading_as(url: str, role: str) -> Iterator[Connection]:
    with begin(url) as connection:
        connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
        yield connection


def test_it_reads_every_view(database_url: str) -> None:
    with reading_as(database_url, READER) as connection:
        views = connection.exec_driver_sql(
            "SELECT viewname FROM pg_views WHERE schemaname = 'shacl'"
        ).all()
        assert len(views) == 8
        for (name,) in views:
            connection.exec_driver_sql(f"SELECT * FROM shacl.{name}")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM jobs",
        "SELECT * FROM programs",
        "DELETE FROM shacl.deployments",
        "CREATE TABLE shacl.mine (x int)",
        "CREATE TABLE public.mine (x int)",
    ],
)
def test_it_does_nothing_else(database_url: str, statement: str) -> None:
    with (
        pytest.raises(exc.ProgrammingError, match="permission denied"),
        reading_as(database_url, READER) as connection,
    ):
        connection.exec_driver_sql(statement)


def test_it_cannot_log_in(database_url: str) -> None:
    with begin(database_url) as connection:
        query = f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{READER}'"
        assert connection.exec_driver_sql(query).scalar_one() is False


def test_what_was_taken_away_is_given_again(database_url: str) -> None:
    with begin(database_url) as connection:
        connection.exec_driver_sql(f"REVOKE ALL ON shacl.programs FROM {READER}")
    with begin(database_url) as connection:
        assert let_read(connection)
    with reading_as(database_url, READER) as connection:
        connection.exec_driver_sql("SELECT * FROM shacl.programs")


def test_a_user_who_may_not_make_roles_migrates_all_the_same(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is this test run's own, so its roles need not be taken away again."""
    monkeypatch.setattr("flinkjobrunner.store.reading.READER", "nobody_made_this_one")
    with begin(empty_database_url) as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        connection.exec_driver_sql("CREATE ROLE modest LOGIN")
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO modest")
    url = empty_database_url.replace("//postgres:", "//modest:")
    migrate(url)
    with begin(url) as connection:
        assert not let_read(connection)
        # The transaction goes on.
        query = "SELECT current_user, count(*) FROM shacl.shapes"
        assert tuple(connection.exec_driver_sql(query).one()) == ("modest", 0)
    engine(url).dispose()
