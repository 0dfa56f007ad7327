"""Files that were sent before: whole or not at all, and not for ever."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.fetch import InputStore
from flinkjobrunner.fetch.inputs import KEPT_SECONDS, InputMismatchError, InputTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 1000


@pytest.fixture
def store(tmp_path: Path) -> InputStore:
    return InputStore(tmp_path)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(store: InputStore, content: bytes, media_type: str | None = "text/turtle") -> bool:
    return store.put(sha256(content), [content], media_type, most_bytes=MOST)


def names(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "inputs").iterdir()}


def age(tmp_path: Path, name: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(tmp_path / "inputs" / name, (then, then))


def test_what_was_stored_is_found(store: InputStore, tmp_path: Path) -> None:
    assert store.find(sha256(b"a")) is None
    assert put(store, b"a")
    found = store.find(sha256(b"a"))
    assert found is not None
    assert (found.path.read_bytes(), found.size, found.media_type) == (b"a", 1, "text/turtle")
    assert names(tmp_path) == {sha256(b"a"), f"{sha256(b'a')}.json"}
    assert stat.S_IMODE((tmp_path / "inputs").stat().st_mode) == 0o700
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600


def test_the_same_again_is_not_new_and_may_correct_the_media_type(store: InputStore) -> None:
    assert put(store, b"a", None)
    assert not put(store, b"a", "application/ld+json")
    found = store.find(sha256(b"a"))
    assert found is not None
    assert found.media_type == "application/ld+json"


def test_another_content_is_refused_and_leaves_nothing(store: InputStore, tmp_path: Path) -> None:
    with pytest.raises(InputMismatchError):
        store.put(sha256(b"a"), [b"b"], None, most_bytes=MOST)
    assert names(tmp_path) == set()
    put(store, b"a")
    with pytest.raises(InputMismatchError):
        store.put(sha256(b"a"), [b"b"], "text/plain", most_bytes=MOST)
    found = store.find(sha256(b"a"))
    assert found is not None
    assert (found.path.read_bytes(), found.media_type) == (b"a", "text/turtle")


def test_the_limit_ends_the_reading(store: InputStore, tmp_path: Path) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(100)

    with pytest.raises(InputTooLargeError, match="1000"):
        store.put("0" * 64, endless(), None, most_bytes=MOST)
    assert taken == 11
    assert names(tmp_path) == set()
    assert put(store, bytes(MOST))


def test_a_sender_that_breaks_off_leaves_nothing(store: InputStore, tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"a"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(sha256(b"ab"), breaking(), None, most_bytes=MOST)
    assert names(tmp_path) == set()


def test_the_same_file_from_many_at_once(store: InputStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: put(store, b"a" * 500), range(40)))
    assert any(answers)
    found = store.find(sha256(b"a" * 500))
    assert found is not None
    assert found.path.read_bytes() == b"a" * 500
    assert len(names(tmp_path)) == 2


def test_what_nobody_used_is_forgotten_when_something_comes(
    store: InputStore, tmp_path: Path
) -> None:
    for content in (b"old", b"used", b"young"):
        put(store, content)
    for content in (b"old", b"used"):
        age(tmp_path, sha256(content), KEPT_SECONDS + 60)
    age(tmp_path, sha256(b"young"), KEPT_SECONDS - 60)
    left = f"{sha256(b'gone')}.json"
    for name in (".draft-crashed", left, f"{sha256(b'going')}.json"):
        (tmp_path / "inputs" / name).write_text("{}")
    for name in (".draft-crashed", left):
        age(tmp_path, name, KEPT_SECONDS + 60)
    assert store.find(sha256(b"used")) is not None
    assert store.find(sha256(b"old") + "x") is None
    put(store, b"new")
    kept = {sha256(content) for content in (b"used", b"young", b"new")}
    about = {f"{name}.json" for name in (*kept, sha256(b"going"))}
    assert names(tmp_path) == kept | about


def test_forgetting_is_bounded_and_yet_reaches_all(
    store: InputStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flinkjobrunner.fetch.inputs._MOST_LOOKS", 10)
    for number in range(40):
        put(store, f"{number}".encode())
    old = names(tmp_path)
    for name in old:
        age(tmp_path, name, KEPT_SECONDS + 60)
    put(store, b"first")
    assert 60 < len(names(tmp_path) & old) < 80
    for number in range(200):
        put(store, f"new {number}".encode())
    assert names(tmp_path) & old == set()


def test_a_file_without_its_companion_is_not_there(store: InputStore, tmp_path: Path) -> None:
    put(store, b"a")
    (tmp_path / "inputs" / f"{sha256(b'a')}.json").unlink()
    assert store.find(sha256(b"a")) is None
    put(store, b"a")
    assert store.find(sha256(b"a")) is not None
