"""The schema: forward from nothing, the same by either way, refused when it is a newer one's."""

from __future__ import annotations

import importlib
import pkgutil
import threading
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from flinkjobrunner import store
from flinkjobrunner.errors import ConfigurationError, DatabaseUnavailableError
from flinkjobrunner.store import begin, engine, is_current, migrate, overview
from flinkjobrunner.store.metadata import metadata
from flinkjobrunner.store.migrate import _config

# What makes up a schema, as PostgreSQL itself writes it; alembic's own table is no part of it.
CATALOG = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'shacl'",
    "comments": """
        SELECT relname, attname, col_description(attrelid, attnum) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = to_regnamespace('shacl')
    """,
    "schemas": "SELECT nspname FROM pg_namespace WHERE nspname = 'shacl'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def catalog(url: str) -> dict[str, set[tuple[Any, ...]]]:
    with begin(url) as connection:
        return {
            what: {
                tuple(row)
                for row in connection.exec_driver_sql(query)
                if row[0] != "alembic_version"
            }
            for what, query in CATALOG.items()
        }


def revisions(url: str) -> list[str]:
    """From the oldest."""
    with begin(url) as connection:
        script = ScriptDirectory.from_config(_config(connection))
        return [one.revision for one in script.walk_revisions()][::-1]


def test_the_tables_of_the_code_are_those_of_the_migrations(
    empty_database_url: str, database_url: str
) -> None:
    for module in pkgutil.iter_modules(store.__path__):
        if not module.ispkg:
            importlib.import_module(f"{store.__name__}.{module.name}")
    metadata.create_all(engine(empty_database_url))
    by_code, by_migrations = catalog(empty_database_url), catalog(database_url)
    assert len(by_code["columns"]) > 30
    # Views are for others; the code has none of its own to compare them with.
    for what in ("columns", "constraints", "indexes"):
        assert by_code[what] == by_migrations[what], what


def test_what_a_plan_takes_for_the_schema_is_the_schema(database_url: str) -> None:
    with begin(database_url) as connection:
        missing, there = overview.objects(connection)
    found = catalog(database_url)
    tables = {row[0] for row in found["columns"]}
    views = {f"shacl.{row[0]}" for row in found["views"]}
    assert (missing, set(there)) == ([], tables | views)


def test_each_revision_goes_forward_and_back(empty_database_url: str) -> None:
    seen = [catalog(empty_database_url)]
    steps = revisions(empty_database_url)
    for revision in steps:
        with begin(empty_database_url) as connection:
            command.upgrade(_config(connection), revision)
        seen.append(catalog(empty_database_url))
        assert seen[-1] != seen[-2], revision
    for revision, before in zip([*reversed(steps[:-1]), "base"], reversed(seen[:-1]), strict=True):
        with begin(empty_database_url) as connection:
            command.downgrade(_config(connection), revision)
        assert catalog(empty_database_url) == before, revision


def test_current_is_what_the_code_expects(empty_database_url: str) -> None:
    assert not is_current(empty_database_url)
    migrate(empty_database_url)
    assert is_current(empty_database_url)
    with begin(empty_database_url) as connection:
        command.downgrade(_config(connection), "-1")
    assert not is_current(empty_database_url)


def test_a_second_time_changes_nothing(database_url: str) -> None:
    before = catalog(database_url)
    migrate(database_url)
    assert catalog(database_url) == before


def test_several_processes_may_ask_at_once(empty_database_url: str) -> None:
    errors: list[BaseException] = []
    start = threading.Barrier(4)

    def ask() -> None:
        start.wait()
        try:
            migrate(empty_database_url)
        except BaseException as error:  # noqa: BLE001 - the test looks at them
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert is_current(empty_database_url)


def test_what_a_newer_version_made_is_left_alone(database_url: str) -> None:
    before = catalog(database_url)
    with begin(database_url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigurationError, match="schema 9999, which this version does not know"):
        migrate(database_url)
    assert not is_current(database_url)
    assert catalog(database_url) == before


def test_a_revision_that_fails_leaves_the_one_before(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = command.upgrade

    def fail(*arguments: Any) -> None:
        upgrade(*arguments)
        raise RuntimeError("the power went out")

    monkeypatch.setattr(command, "upgrade", fail)
    with pytest.raises(RuntimeError):
        migrate(empty_database_url)
    assert catalog(empty_database_url) == {what: set() for what in CATALOG}


def test_a_database_that_is_away_has_its_own_error() -> None:
    with pytest.raises(DatabaseUnavailableError):
        migrate("postgresql://nobody@127.0.0.1:1/none")


@pytest.mark.parametrize("url", ["", "no url", "mysql:/"])
def test_what_is_no_url_is_named(url: str) -> None:
    with pytest.raises(ConfigurationError, match="RUNNER_DATABASE_URL"):
        migrate(url)
