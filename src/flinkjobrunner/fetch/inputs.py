"""Files that were sent to the service before a job names them: kept by the hash of their bytes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT_SECONDS = 7 * 24 * 3600
# A look at each stored file costs; whoever stores one looks at a bounded number of others.
_MOST_LOOKS = 1000
_ABOUT = ".json"


class InputTooLargeError(Exception):
    """More bytes than are taken; `most` says how many are."""

    def __init__(self, most: int) -> None:
        super().__init__(f"an input has at most {most} bytes")
        self.most = most


class InputMismatchError(Exception):
    """The bytes have another hash than they were announced with."""


@dataclass(frozen=True, kw_only=True)
class StoredInput:
    path: Path
    size: int
    media_type: str | None


class InputStore:
    def __init__(self, work_root: Path) -> None:
        self._folder = work_root / "inputs"

    def put(
        self, sha256: str, chunks: Iterable[bytes], media_type: str | None, *, most_bytes: int
    ) -> bool:
        """Whether it is new. It is there as a whole or not at all."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
        draft = Path(name)
        try:
            digest, size = hashlib.sha256(), 0
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > most_bytes:
                        raise InputTooLargeError(most_bytes)
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if digest.hexdigest() != sha256:
                raise InputMismatchError
            new = not self._file(sha256).exists()
            self._write_about(sha256, media_type)
            draft.replace(self._file(sha256))
        finally:
            draft.unlink(missing_ok=True)
        self._forget_old(sha256)
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
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"mediaType": media_type}, file)
        Path(name).replace(self._about(sha256))

    def _forget_old(self, sha256: str) -> None:
        """Looks at those next to the new one, whose place is as good as drawn by lot."""
        oldest = time.time() - KEPT_SECONDS
        names = sorted(path.name for path in self._folder.iterdir())
        first = bisect_left(names, sha256)
        for name in (names[first:] + names[:first])[:_MOST_LOOKS]:
            # What tells about a file goes with it, or alone when the file is gone already.
            file = self._file(name.removesuffix(_ABOUT))
            with suppress(OSError):
                if self._age_from(file, name) < oldest:
                    file.unlink(missing_ok=True)
                    self._about(file.name).unlink(missing_ok=True)

    def _age_from(self, file: Path, name: str) -> float:
        """When the file was last used; of what is left without it, when it was made."""
        try:
            return file.stat().st_mtime
        except FileNotFoundError:
            return (self._folder / name).stat().st_mtime
