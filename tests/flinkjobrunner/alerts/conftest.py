from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.config import Settings
from support.kafka import Broker

if TYPE_CHECKING:
    from collections.abc import Iterator

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    running = Broker(folder=tmp_path_factory.mktemp("kafka")).start()
    yield running
    running.stop()


@pytest.fixture
def topic(broker: Broker) -> str:
    """A topic of this test's own, so that tests share the broker but no records."""
    name = f"alerts-{next(_numbers)}"
    broker.create_topic(name)
    return name


@pytest.fixture
def settings(settings: Settings, broker: Broker) -> Settings:
    return settings.model_copy(update={"kafka_bootstrap": broker.bootstrap})
