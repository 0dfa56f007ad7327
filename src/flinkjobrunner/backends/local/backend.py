"""The embedded Flink: the same interface, and its checkpoints lie in a folder of ours.

That matters when the JobManager died: it has forgotten its jobs, but their retained checkpoints
are there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flinkjobrunner.backends.session import SessionBackend

if TYPE_CHECKING:
    from collections.abc import Iterator


class LocalBackend(SessionBackend):
    def __init__(self, url: str, work_root: Path) -> None:
        super().__init__(url)
        self._checkpoints = work_root.resolve() / "data" / "flink" / "checkpoints"

    def newest_state(self, flink_job_id: str) -> str | None:
        newest = max(_complete(self._checkpoints / flink_job_id), default=None)
        return f"file://{newest[1]}" if newest else None

    def usable(self, path: str) -> bool:
        # As Flink reads and writes it: `file:/x` or `file:///x`, not percent-encoded.
        folder = Path("/" + path.removeprefix("file:").lstrip("/"))
        return urlsplit(path).scheme not in ("", "file") or (folder / "_metadata").exists()


def _complete(folder: Path) -> Iterator[tuple[int, Path]]:
    """Checkpoints by number. One without metadata is being written, or being removed."""
    for checkpoint in folder.glob("chk-*"):
        number = checkpoint.name.removeprefix("chk-")
        if number.isdigit() and (checkpoint / "_metadata").exists():
            yield int(number), checkpoint
