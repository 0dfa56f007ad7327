"""Files that were sent to the service before a job names them: kept by the hash of their bytes.

They may take so much of the disk and no more. For a new one those make room that nobody has used
for longest, but none that was used in the last hour: a job that names it may be waiting.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT_SECONDS = 7 * 24 * 3600
BUSY_SECONDS = 3600
# Whoever stores one looks at all others, which must not take long.
MOST_FILES = 10_000
DEFAULT_MOST_TOTAL = 4 * 1024**3
_ABOUT = ".json"
_DRAFT = ".draft-"

# One process takes files in, so this is enough for two of them not to share the last room.
_admission = threading.Lock()


class InputTooLargeError(Exception):
    """More bytes than are taken; `most` says how many are."""

    def __init__(self, most: int) -> None:
        super().__init__(f"an input has at most {most} bytes")
        self.most = most


class InputMismatchError(Exception):
    """The bytes have another hash than they were announced with."""


class InputsFullError(Exception):
    """There is no room: what is here was used too recently to make any."""


@dataclass(frozen=True, kw_only=True)
class StoredInput:
    path: Path
    size: int
    media_type: str | None


class InputStore:
    def __init__(self, work_root: Path, *, most_total: int = DEFAULT_MOST_TOTAL) -> None:
        self._folder = work_root / "inputs"
        self._most_total = most_total

    def put(
        self,
        sha256: str,
        chunks: Iterable[bytes],
        media_type: str | None,
        *,
        most_bytes: int,
        announced: int | None = None,
    ) -> bool:
        """Whether it is new. It is there as a whole or not at all. `announced`: how many bytes are
        to come, where that is known."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size = most_bytes if announced is None else min(announced, most_bytes)
        draft = self._admit(0 if self._file(sha256).exists() else size)
        try:
            with draft.open("r+b") as file:
                found = _write(file, chunks, most_bytes)
            if found != sha256:
                raise InputMismatchError
            with _admission:  # or it could be taken for the old one, which is to make room
                new = not self._file(sha256).exists()
                self._write_about(sha256, media_type)
                draft.replace(self._file(sha256))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise InputsFullError from None
            raise
        finally:
            draft.unlink(missing_ok=True)
        return new

    def find(self, sha256: str) -> StoredInput | None:
        file = self._file(sha256)
        try:
            size = file.stat().st_size
            os.utime(file)  # being used keeps it
            about = json.loads(self._about(sha256).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return StoredInput(path=file, size=size, media_type=about.get("mediaType"))

    def _file(self, sha256: str) -> Path:
        return self._folder / sha256

    def _about(self, sha256: str) -> Path:
        return self._folder / f"{sha256}{_ABOUT}"

    def _write_about(self, sha256: str, media_type: str | None) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=_DRAFT)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"mediaType": media_type}, file)
        Path(name).replace(self._about(sha256))

    def _admit(self, size: int) -> Path:
        """An empty draft that others count as this large already."""
        with _admission:
            self._make_room(size)
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=_DRAFT)
            with os.fdopen(handle, "wb") as file:
                file.truncate(size)  # takes no room on the disk, but shows in its size
        return Path(name)

    def _make_room(self, size: int) -> None:
        now = time.time()
        files, total = self._by_last_use(now)
        count = len(files)
        for used, length, name in files:
            full = total + size > self._most_total or count >= MOST_FILES
            if now - used > (BUSY_SECONDS if full else KEPT_SECONDS):
                self._file(name).unlink(missing_ok=True)
                self._about(name).unlink(missing_ok=True)
                total, count = total - length, count - 1
        if total + size > self._most_total or count >= MOST_FILES:
            raise InputsFullError

    def _by_last_use(self, now: float) -> tuple[list[tuple[float, int, str]], int]:
        """When each was last used, its size and name, the oldest first; and the size of all, drafts
        included. What a crash has left goes on the way."""
        files, total, about = [], 0, []
        for entry in os.scandir(self._folder):
            with suppress(FileNotFoundError):
                found = entry.stat(follow_symlinks=False)
                if entry.name.endswith(_ABOUT):
                    about.append((found.st_mtime, entry.name.removesuffix(_ABOUT)))
                elif not entry.name.startswith(_DRAFT):
                    files.append((found.st_mtime, found.st_size, entry.name))
                    total += found.st_size
                elif now - found.st_mtime > BUSY_SECONDS:
                    Path(entry.path).unlink()
                else:
                    total += found.st_size
        there = {name for _, _, name in files}
        for written, name in about:
            if name not in there and now - written > BUSY_SECONDS:
                self._about(name).unlink(missing_ok=True)
        return sorted(files), total


def _write(file: IO[bytes], chunks: Iterable[bytes], most_bytes: int) -> str:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > most_bytes:
            raise InputTooLargeError(most_bytes)
        digest.update(chunk)
        file.write(chunk)
    file.truncate()  # it was as large as announced
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest()
