from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings
    from support.kafka import Broker


@pytest.fixture
def settings(settings: Settings, broker: Broker) -> Settings:
    return settings.model_copy(update={"kafka_bootstrap": broker.bootstrap})
