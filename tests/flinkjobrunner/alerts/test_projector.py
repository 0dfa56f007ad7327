"""The projector against a real broker and a real database, both of which misbehave."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from confluent_kafka import Producer
from confluent_kafka.admin import NewPartitions

from flinkjobrunner import store
from flinkjobrunner.alerts.projector import Projector
from flinkjobrunner.store import alert_queries
from flinkjobrunner.store.alert_queries import AlertFilter, Selection
from flinkjobrunner.store.engine import conninfo
from flinkjobrunner.store.notify import ALERTS, Listener
from support.alerts import alert, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pytest

    from flinkjobrunner.config import Settings
    from support.kafka import Broker

Row = tuple[str, int, str]
RUN = """
import sys, threading
from flinkjobrunner.alerts.projector import Projector
from flinkjobrunner.config import Settings
Projector(Settings(database_url=sys.argv[1], kafka_bootstrap=sys.argv[2]), topic=sys.argv[3]).run(
    threading.Event()
)
"""


def wait_until(condition: Callable[[], Any], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.02)


@contextmanager
def projecting(settings: Settings, topic: str) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=Projector(settings, topic=topic).run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the projector does not stop when told to"


def produce(
    broker: Broker, topic: str, records: Sequence[tuple[str | bytes, bytes | None]]
) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap, "linger.ms": 1, "log_level": 0})
    for key, value in records:
        producer.produce(topic, key=key, value=value)
        producer.poll(0)
    assert producer.flush(30) == 0


def say(*spoken: Row) -> list[tuple[str, bytes]]:
    return [(alert_id, event(alert(alert_id, n, state))) for alert_id, n, state in spoken]


def rows(url: str) -> dict[str, Row]:
    with store.read(url) as connection:
        found = alert_queries.page(
            connection, Selection.ALL, AlertFilter(), before=None, limit=10_000
        )
    return {
        row.data["alertId"]: (row.data["alertId"], row.data["sequence"], row.data["state"])
        for row in found
    }


def history(url: str) -> list[Row]:
    with store.read(url) as connection:
        found = alert_queries.after(connection, 0, AlertFilter(), limit=100_000)
    return [(row.data["alertId"], row.data["sequence"], row.data["state"]) for row in found]


def counts(url: str) -> tuple[int, int, int]:
    with store.read(url) as connection:
        state = alert_queries.projector_state(connection)
    return state.applied, state.repeated, state.rejected


def stuttered(seed: int, alerts: int = 40, length: int = 12) -> tuple[list[Row], list[Row]]:
    """What the job means, and what it writes when it dies and goes back now and then."""
    rng = random.Random(seed)
    meant: list[Row] = []
    for _ in range(alerts * length):
        alert_id = f"a{rng.randrange(alerts)}"
        n = sum(1 for one in meant if one[0] == alert_id) + 1
        meant.append((alert_id, n, ("cleared", "raised", "updated")[n % 3]))
    written: list[Row] = []
    for n, one in enumerate(meant):
        written.append(one)
        if rng.random() < 0.05:
            written += meant[max(0, n - rng.randrange(30)) : n + 1]
    return meant, written


def expect(url: str, meant: Sequence[Row]) -> None:
    """Exactly these transitions, in order per alert, and each alert's last one as its row."""
    wait_until(lambda: len(history(url)) >= len(meant))
    last = {one[0]: one for one in meant}
    seen = history(url)
    assert len(seen) == len(meant)
    for alert_id in last:
        assert [one for one in seen if one[0] == alert_id] == [
            one for one in meant if one[0] == alert_id
        ]
    assert rows(url) == last


def test_repeats_leave_one_row_per_transition(
    broker: Broker, settings: Settings, topic: str, database_url: str
) -> None:
    meant, written = stuttered(seed=1)
    produce(broker, topic, say(*written))
    with projecting(settings, topic):
        expect(database_url, meant)
        wait_until(lambda: sum(counts(database_url)) == len(written))
    assert counts(database_url) == (len(meant), len(written) - len(meant), 0)


def test_killed_at_any_moment_it_goes_on_exactly_once(
    broker: Broker, settings: Settings, topic: str, database_url: str
) -> None:
    meant, written = stuttered(seed=2, alerts=60, length=40)
    rng = random.Random(3)
    pieces = [written[n : n + 600] for n in range(0, len(written), 600)]
    kills = 0
    for piece in pieces:
        before = sum(counts(database_url))
        child = subprocess.Popen(
            [sys.executable, "-c", RUN, database_url, broker.bootstrap, topic],
            env={**os.environ, "PYTHONPATH": "src"},
        )
        try:
            produce(broker, topic, say(*piece))
            progress = rng.randrange(1, len(piece))
            wait_until(lambda: sum(counts(database_url)) >= before + progress)  # noqa: B023
            time.sleep(rng.random() / 50)
            child.send_signal(signal.SIGKILL)
            kills += 1
        finally:
            child.kill()
            child.wait()
    with projecting(settings, topic):
        expect(database_url, meant)
        wait_until(lambda: sum(counts(database_url)) == len(written))
    assert kills == len(pieces) > 3


def test_database_away(
    broker: Broker, settings: Settings, topic: str, database_url: str, postgres: str
) -> None:
    meant, written = stuttered(seed=4)
    third = len(written) // 3
    with projecting(settings, topic):
        for time_away, first in enumerate(range(0, len(written), third)):
            produce(broker, topic, say(*written[first : first + third]))
            wait_until(lambda: sum(counts(database_url)) > first + time_away)  # noqa: B023
            with shut(postgres, database_url):
                produce(broker, topic, say(written[0]))
        expect(database_url, meant)


@contextmanager
def shut(server: str, database_url: str) -> Iterator[None]:
    """The database throws everybody out, and refuses them for a while."""
    with psycopg.connect(conninfo(database_url)) as connection:
        name = connection.info.dbname
    store.engine(database_url).dispose()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        try:
            thrown_out = admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            ).fetchall()
            assert thrown_out, "nobody was connected, so nothing was tried"
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


def test_kafka_away(broker: Broker, settings: Settings, topic: str, database_url: str) -> None:
    produce(broker, topic, say(("a", 1, "raised")))
    with projecting(settings, topic):
        expect(database_url, [("a", 1, "raised")])
        broker.kill()
        broker.start()
        produce(broker, topic, say(("a", 2, "cleared")))
        expect(database_url, [("a", 1, "raised"), ("a", 2, "cleared")])


def test_bad_records_are_set_aside_and_counted(
    broker: Broker, settings: Settings, topic: str, database_url: str
) -> None:
    bad: list[tuple[str | bytes, bytes | None]] = [
        ("x", b'{"type": '),
        ("x", bytes(range(256))),
        (b"\xff\xfe", b"{}"),
        ("x", event(alert("y", 1))),
    ]
    nul = event(alert("a", 2, value={"@value": "x\0"}))
    produce(broker, topic, [*say(("a", 1, "raised")), *bad, ("a", nul)])
    with projecting(settings, topic):
        expect(database_url, [("a", 1, "raised"), ("a", 2, "raised")])
        wait_until(lambda: counts(database_url) == (2, 0, len(bad)))
    with psycopg.connect(conninfo(database_url)) as connection:
        kept = connection.execute("SELECT key, value, reason FROM alert_rejects").fetchall()
    assert {(key, value) for key, value, _ in kept} == {
        (key.encode() if isinstance(key, str) else key, value) for key, value in bad
    }
    assert all(reason for *_, reason in kept)


def test_tombstones_take_nothing_from_history(
    broker: Broker, settings: Settings, topic: str, database_url: str
) -> None:
    first = [("a", 1, "raised"), ("a", 2, "cleared")]
    produce(broker, topic, [*say(*first), ("a", None), *say(("a", 1, "raised"))])
    with projecting(settings, topic):
        expect(database_url, [*first, ("a", 1, "raised")])


def test_one_of_two_leads_and_the_other_takes_over(
    broker: Broker, settings: Settings, topic: str, database_url: str
) -> None:
    meant, written = stuttered(seed=5, length=6)
    half = len(written) // 2
    with projecting(settings, topic) as first, projecting(settings, topic):
        produce(broker, topic, say(*written[:half]))
        wait_until(lambda: sum(counts(database_url)) == half)
        first.set()
        produce(broker, topic, say(*written[half:]))
        expect(database_url, meant)
        wait_until(lambda: sum(counts(database_url)) == len(written))


def test_it_waits_for_the_topic_and_follows_new_partitions(
    broker: Broker, settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flinkjobrunner.alerts.topic.LOOK_AGAIN_SECONDS", 0.2)
    topic = f"late-{time.monotonic_ns()}"
    with projecting(settings, topic):
        broker.create_topic(topic, partitions=1)
        produce(broker, topic, say(("a", 1, "raised")))
        expect(database_url, [("a", 1, "raised")])
        admin = broker.admin()
        admin.create_partitions([NewPartitions(topic, 3)])[topic].result(10)
        more = [(f"b{n}", 1, "raised") for n in range(20)]
        produce(broker, topic, say(*more))
        expect(database_url, [("a", 1, "raised"), *more])


def test_a_topic_made_anew_starts_again_and_leaves_what_stood_stale(
    broker: Broker, settings: Settings, topic: str, database_url: str
) -> None:
    before = [("a", 1, "raised"), ("a", 2, "updated"), ("b", 1, "raised")]
    produce(broker, topic, say(*before))
    with projecting(settings, topic):
        expect(database_url, before)
    broker.delete_topic(topic)
    wait_until(lambda: recreated(broker, topic))
    produce(broker, topic, say(("a", 1, "raised")))
    with projecting(settings, topic):
        expect(database_url, [*before, ("a", 1, "raised")])
    with store.read(database_url) as connection:
        found = {
            name: alert_queries.one(connection, name).stale_since is not None for name in ("a", "b")
        }
    assert found == {"a": False, "b": True}


def recreated(broker: Broker, topic: str) -> bool:
    from confluent_kafka import KafkaException

    try:
        broker.create_topic(topic)
    except KafkaException:
        return False
    return True


def test_whoever_waits_is_woken(
    broker: Broker, settings: Settings, topic: str, database_url: str
) -> None:
    listener = Listener(database_url)
    try:
        with listener.subscribe(ALERTS) as subscription, projecting(settings, topic):
            while subscription.wait(1):
                pass  # the wake-ups of the start
            produce(broker, topic, say(("a", 1, "raised")))
            assert subscription.wait(20)
            assert history(database_url) == [("a", 1, "raised")]
    finally:
        listener.close()
