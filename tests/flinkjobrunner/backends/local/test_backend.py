from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.backends.local.backend import LocalBackend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[LocalBackend]:
    with closing(LocalBackend("http://127.0.0.1:1", tmp_path)) as made:
        yield made


def make(tmp_path: Path, job: str, *names: str) -> Path:
    folder = tmp_path / "data" / "flink" / "checkpoints" / job
    for name in names:
        (folder / name).mkdir(parents=True)
    return folder


def test_the_newest_checkpoint_is_the_highest_number_with_metadata(
    backend: LocalBackend, tmp_path: Path
) -> None:
    folder = make(tmp_path, "job", "chk-9", "chk-10", "chk-11", "chk-x", "shared", "taskowned")
    for name in ("chk-9", "chk-10", "chk-x", "shared"):
        (folder / name / "_metadata").touch()
    assert backend.newest_state("job") == f"file://{folder / 'chk-10'}"
    assert backend.usable(f"file://{folder / 'chk-10'}")
    assert backend.usable(f"file:{folder / 'chk-10'}")
    assert not backend.usable(f"file://{folder / 'chk-11'}")


def test_without_a_complete_one_there_is_none(backend: LocalBackend, tmp_path: Path) -> None:
    make(tmp_path, "job", "chk-1")
    assert backend.newest_state("job") is None
    assert backend.newest_state("unheard-of") is None


def test_other_file_systems_cannot_be_looked_at(backend: LocalBackend) -> None:
    assert backend.usable("s3://bucket/savepoint-1")
