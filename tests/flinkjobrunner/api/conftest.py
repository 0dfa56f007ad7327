from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.api import probes
from flinkjobrunner.api.app import create_app
from flinkjobrunner.config import Settings
from flinkjobrunner.jobs import Queue
from flinkjobrunner.store import engine
from flinkjobrunner.store.notify import listener
from support.service import Running, serving, shared_database, shared_databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def client_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Settings], FlaskClient]]:
    """Clients of applications of their own, which ask nothing any more when the test has ended."""
    monkeypatch.setattr(probes, "TIMEOUT_SECONDS", 0.1)
    applications: list[Flask] = []

    def make(settings: Settings) -> FlaskClient:
        applications.append(create_app(settings))
        return applications[-1].test_client()

    yield make
    for application in applications:
        application.extensions["probes"].stop()


@pytest.fixture
def client(settings: Settings, client_of: Callable[[Settings], FlaskClient]) -> FlaskClient:
    return client_of(settings)


@pytest.fixture
def queue(settings: Settings) -> Queue:
    return Queue(settings.database())


@pytest.fixture(autouse=True)
def _shared_pools_stay() -> None:
    """A process keeps the pools of a few databases only, and other tests each have one."""
    for url in shared_databases:
        engine(url)
        listener(url)


@pytest.fixture(scope="module")
def shared(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings of a whole module, whose tests keep apart by the ids of their jobs."""
    folder = tmp_path_factory.mktemp("service")
    with shared_database(postgres, template) as database:
        yield Settings(
            bind="127.0.0.1",
            token=None,
            database_url=database,
            work_root=folder / "work",
            digitaltwin_root=folder / "makefile",
            kafka_bootstrap="127.0.0.1:1",
            flink_url="http://127.0.0.1:1",
            rate_limit=0,
        )


@pytest.fixture(scope="module")
def refusing(shared: Settings) -> FlaskClient:
    """A client whose requests are all refused: they share a database, which stays empty."""
    return create_app(shared).test_client()


@pytest.fixture(scope="module")
def running(shared: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The service as users run it, for a whole module."""
    with serving(shared, tmp_path_factory.mktemp("log")) as service:
        yield service
