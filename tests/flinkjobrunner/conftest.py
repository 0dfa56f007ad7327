from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from support.kafka import Broker

if TYPE_CHECKING:
    from collections.abc import Iterator

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One real Kafka for the whole run; tests keep apart by topics of their own."""
    running = Broker(folder=tmp_path_factory.mktemp("kafka")).start()
    yield running
    running.stop()


@pytest.fixture
def topic(broker: Broker) -> str:
    """A topic of this test's own."""
    name = f"topic-{next(_numbers)}"
    broker.create_topic(name)
    return name
