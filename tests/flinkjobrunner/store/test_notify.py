"""Who waits is woken for what is theirs, after the commit, and also after an outage."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from flinkjobrunner.store import begin
from flinkjobrunner.store.notify import ALERTS, JOB_LOG, JOBS, Listener, listener, notify
from support.service import until

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 15.0
SHORT = 0.2
LISTENING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'flinkjobrunner listen' AND datname = current_database()
"""


@pytest.fixture
def listening(database_url: str) -> Iterator[Listener]:
    own = Listener(database_url)
    yield own
    own.close()


def tell(url: str, channel: str, payload: str = "") -> None:
    with begin(url) as connection:
        notify(connection, channel, payload)


def connections(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute(LISTENING).fetchone()
    return int(found[0]) if found else 0


def test_only_the_key_that_is_named_is_woken(listening: Listener, database_url: str) -> None:
    with (
        listening.subscribe(JOB_LOG, key="a") as mine,
        listening.subscribe(JOB_LOG, key="b") as other,
        listening.subscribe(JOB_LOG) as everything,
        listening.subscribe(JOBS) as channel,
    ):
        settle(mine, other, everything, channel)
        tell(database_url, JOB_LOG, "a")
        assert mine.wait(LONG)
        assert everything.wait(LONG)
        assert not other.wait(SHORT)
        assert not channel.wait(0)


def test_one_subscription_may_listen_to_several_channels(
    listening: Listener, database_url: str
) -> None:
    with listening.subscribe(ALERTS, JOB_LOG) as both:
        settle(both)
        for channel in (ALERTS, JOB_LOG):
            tell(database_url, channel, "a")
            assert both.wait(LONG), channel
        tell(database_url, JOBS, "a")
        assert not both.wait(SHORT)


def settle(*subscriptions: object) -> None:
    """With the connection everybody is told to look once."""
    for subscription in subscriptions:
        assert subscription.wait(LONG)  # type: ignore[attr-defined]


def test_nothing_before_the_commit_and_nothing_of_a_rollback(
    listening: Listener, database_url: str
) -> None:
    with listening.subscribe(ALERTS) as subscription:
        settle(subscription)
        with suppress(RuntimeError), begin(database_url) as connection:
            notify(connection, ALERTS)
            raise RuntimeError
        assert not subscription.wait(SHORT)
        with begin(database_url) as connection:
            notify(connection, ALERTS)
            assert not subscription.wait(SHORT)
        assert subscription.wait(LONG)


def test_a_wake_up_is_remembered_and_counts_once(listening: Listener, database_url: str) -> None:
    with listening.subscribe(JOBS) as subscription:
        settle(subscription)
        tell(database_url, JOBS)
        tell(database_url, JOBS, "again")
        assert subscription.wait(LONG)
        # The second may come a moment later; after it there is nothing.
        subscription.wait(SHORT)
        assert not subscription.wait(SHORT)


def test_a_broken_connection_is_made_anew_and_everybody_looks(
    listening: Listener, database_url: str, postgres: str
) -> None:
    with listening.subscribe(JOBS, key="a") as subscription:
        settle(subscription)
        with psycopg.connect(postgres, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'flinkjobrunner listen' AND datname = %s",
                [urlsplit(database_url).path.removeprefix("/")],
            ).fetchall()
        assert ended == [(True,)]
        # What happened meanwhile is unknown, so that all have to look.
        assert subscription.wait(LONG)
        tell(database_url, JOBS, "a")
        assert subscription.wait(LONG)


def test_one_connection_for_all_and_none_after_the_end(
    listening: Listener, database_url: str
) -> None:
    with listening.subscribe(JOBS) as one, listening.subscribe(ALERTS) as two:
        settle(one, two)
        assert connections(database_url) == 1
    listening.close()
    until(lambda: connections(database_url) == 0)


def test_closing_wakes_all_who_wait(listening: Listener) -> None:
    woken = threading.Event()
    with listening.subscribe(JOBS) as subscription:
        settle(subscription)

        def wait() -> None:
            if subscription.wait(LONG) and listening.closing:
                woken.set()

        waiter = threading.Thread(target=wait)
        waiter.start()
        listening.close()
        waiter.join(LONG)
    assert woken.is_set()


def test_a_subscription_that_is_over_hears_nothing(listening: Listener, database_url: str) -> None:
    with listening.subscribe(JOBS) as before:
        settle(before)
    with listening.subscribe(JOBS) as after:
        tell(database_url, JOBS)
        assert after.wait(LONG)
    assert not before.wait(0)


def test_a_process_has_one_listener_for_a_database(database_url: str) -> None:
    assert listener(database_url) is listener(database_url)
