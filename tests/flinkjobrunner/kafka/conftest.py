from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.kafka.topics import Topics, wanted

if TYPE_CHECKING:
    from support.kafka import Broker


@pytest.fixture
def bootstrap(broker: Broker) -> str:
    """Of a broker with the service's own topics."""
    topics = Topics(broker.bootstrap)
    topics.create(topics.missing(wanted(("ngsi-ld",))), replication=1)
    return broker.bootstrap
