from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.config import get_settings
from support.plant import running_plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from support.kafka import Broker
    from support.plant import Plant


@pytest.fixture
def plant(
    settings: Settings, broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Plant]:
    # A step is a process of its own, so what it says of itself goes to its settings' database.
    monkeypatch.setenv("RUNNER_DATABASE_URL", settings.database())
    get_settings.cache_clear()
    with running_plant(settings, broker, tmp_path) as made:
        yield made
    get_settings.cache_clear()
