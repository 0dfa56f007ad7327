"""Files that were sent before: whole or not at all, and not for ever."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.fetch import InputStore
from flinkjobrunner.fetch.inputs import (
    BUSY_SECONDS,
    KEPT_SECONDS,
    InputMismatchError,
    InputsFullError,
    InputTooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 1000
BUSY = BUSY_SECONDS


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


class TestQuota:
    """Room for three files of this size, and no more."""

    SIZE = 100

    @pytest.fixture
    def small(self, tmp_path: Path) -> InputStore:
        return InputStore(tmp_path, most_total=3 * self.SIZE)

    def fill(self, store: InputStore, tmp_path: Path, *ages: float) -> list[str]:
        for number, seconds in enumerate(ages):
            self.put(store, number)
            age(tmp_path, sha256(self.content(number)), seconds)
        return [sha256(self.content(number)) for number in range(len(ages))]

    def content(self, number: int) -> bytes:
        return bytes([number]) * self.SIZE

    def put(self, store: InputStore, number: int) -> bool:
        content = self.content(number)
        name = sha256(content)
        return store.put(name, [content], None, most_bytes=MOST, announced=len(content))

    def test_what_was_not_used_for_longest_makes_room(
        self, small: InputStore, tmp_path: Path
    ) -> None:
        first, second, third = self.fill(small, tmp_path, 2 * BUSY, 4 * BUSY, 3 * BUSY)
        assert self.put(small, 9)
        new = sha256(self.content(9))
        assert names(tmp_path) == {
            name for one in (first, third, new) for name in (one, f"{one}.json")
        }
        assert small.find(second) is None
        assert small.find(third) is not None  # which is a use
        self.put(small, 8)
        assert small.find(first) is None
        assert small.find(third) is not None

    def test_what_a_job_may_wait_for_stays(self, small: InputStore, tmp_path: Path) -> None:
        kept = self.fill(small, tmp_path, BUSY - 60, 0, 0)
        before = names(tmp_path)
        with pytest.raises(InputsFullError):
            self.put(small, 9)
        assert names(tmp_path) == before
        assert all(small.find(name) for name in kept)
        # What is here already needs no room.
        assert not self.put(small, 0)

    def test_of_an_unknown_length_the_longest_is_assumed(self, small: InputStore) -> None:
        with pytest.raises(InputsFullError):
            small.put(sha256(b"a"), [b"a"], None, most_bytes=MOST)

    def test_those_on_their_way_count_as_whole(self, small: InputStore, tmp_path: Path) -> None:
        results: list[str] = []

        def slow(number: int) -> Iterator[bytes]:
            yield self.content(number)[:1]
            if number < 3:
                begin(number + 1)
            yield self.content(number)[1:]

        def begin(number: int) -> None:
            name = sha256(self.content(number))
            try:
                small.put(name, slow(number), None, most_bytes=MOST, announced=self.SIZE)
                results.append("stored")
            except InputsFullError:
                results.append("full")

        begin(0)
        assert results == ["full", "stored", "stored", "stored"]
        assert len(names(tmp_path)) == 6

    def test_the_file_is_as_long_as_it_came_not_as_announced(
        self, small: InputStore, tmp_path: Path
    ) -> None:
        small.put(sha256(b"short"), [b"short"], None, most_bytes=MOST, announced=self.SIZE)
        assert (tmp_path / "inputs" / sha256(b"short")).read_bytes() == b"short"

    def test_there_may_be_so_many_and_no_more(
        self, small: InputStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("flinkjobrunner.fetch.inputs.MOST_FILES", 5)
        for number in range(5):
            small.put(sha256(b"%d" % number), [b"%d" % number], None, most_bytes=1)
        with pytest.raises(InputsFullError):
            small.put(sha256(b"x"), [b"x"], None, most_bytes=1)
        age(tmp_path, sha256(b"3"), 2 * BUSY)
        assert small.put(sha256(b"x"), [b"x"], None, most_bytes=1)
        assert small.find(sha256(b"3")) is None

    def test_drafts_of_a_crash_take_no_room_for_long(
        self, small: InputStore, tmp_path: Path
    ) -> None:
        self.fill(small, tmp_path, 0)
        left = tmp_path / "inputs" / ".draft-crashed"
        left.write_bytes(bytes(2 * self.SIZE))
        with pytest.raises(InputsFullError):
            self.put(small, 1)
        age(tmp_path, left.name, 2 * BUSY)
        assert self.put(small, 1)
        assert not left.exists()

    def test_a_full_disk_is_told_as_what_it_is(
        self, small: InputStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("flinkjobrunner.fetch.inputs.os.fsync", full)
        with pytest.raises(InputsFullError):
            self.put(small, 0)
        assert names(tmp_path) == set()


def test_a_file_without_its_companion_is_not_there(store: InputStore, tmp_path: Path) -> None:
    put(store, b"a")
    (tmp_path / "inputs" / f"{sha256(b'a')}.json").unlink()
    assert store.find(sha256(b"a")) is None
    put(store, b"a")
    assert store.find(sha256(b"a")) is not None
