from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.backends.flink_rest import MAIN_CLASS
from flinkjobrunner.store import head

if TYPE_CHECKING:
    from support.plant import Plant


@pytest.fixture
def jar(plant: Plant) -> None:
    with zipfile.ZipFile(plant.settings.runtime / "validator.jar", "w") as archive:
        archive.writestr(MAIN_CLASS.replace(".", "/") + ".class", b"")


def test_each_thing_is_proved_by_a_line(plant: Plant, jar: None) -> None:
    assert plant.done("setup") == {}
    database, kafka, job, flink = plant.lines
    assert database.startswith("database: PostgreSQL 18")
    assert f"schema {head()}" in database
    assert kafka == f"Kafka: 1 broker at {plant.settings.kafka_bootstrap}; all 9 topics are there"
    assert job.startswith("job jar: validator.jar, sha256:")
    assert flink == "Flink: 2.3.0, 1 TaskManagers, 4 of 4 slots are free"
    before = list(plant.lines)
    plant.done("setup")
    assert plant.lines == before


def test_a_jar_without_the_job_is_refused(plant: Plant) -> None:
    error = plant.failed("setup")
    assert error["code"] == "jar-missing"
    assert "make build" in error["hint"]
    (plant.settings.runtime / "validator.jar").unlink()
    assert plant.failed("setup")["code"] == "jar-missing"


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("kafka_bootstrap", "127.0.0.1:1", "kafka-unavailable"),
        ("flink_url", "http://127.0.0.1:1", "flink-unavailable"),
    ],
)
def test_what_is_away_is_named_with_the_setting_to_look_at(
    plant: Plant,
    jar: None,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    code: str,
) -> None:
    monkeypatch.setattr("flinkjobrunner.kafka.topics._ANSWER_SECONDS", 0.5)
    plant.settings = plant.settings.model_copy(update={setting: value})
    error = plant.failed("setup")
    assert error["code"] == code
    assert f"RUNNER_{setting.upper()}" in error["hint"]
