from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.config import get_settings
from support.files import serving_files
from support.plant import running_plant
from support.work import Job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from support.files import Files
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


@pytest.fixture
def files() -> Iterator[Files]:
    with serving_files() as server:
        yield server


@pytest.fixture
def job(tmp_path: Path, clean_environment: None) -> Job:
    get_settings.cache_clear()
    return Job(folder=tmp_path)
