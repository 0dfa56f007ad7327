"""`stack.json`: what runs and where, for every other command; and the lock that lets one `up` run.

It holds the database's password, so only its owner may read it. It is replaced as a
whole, so a reader never sees half of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from typing import TYPE_CHECKING, Any

from flinkjobrunner.backends.local.layout import StackError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flinkjobrunner.backends.local.layout import Layout


def write(layout: Layout, content: dict[str, Any]) -> None:
    draft = layout.stack_file.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
    draft.replace(layout.stack_file)


def remove(layout: Layout) -> None:
    layout.stack_file.unlink(missing_ok=True)


@contextlib.contextmanager
def only_one(layout: Layout) -> Iterator[None]:
    """Holds the folder's lock; the kernel gives it back whatever happens to this process."""
    with layout.lock_file.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StackError(
                f"A stack already runs in {layout.work_root} (process {holder(layout.lock_file)}): "
                "`flinkjobrunner status` shows it, `flinkjobrunner down` ends it."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def holder(lock_file: Path) -> int | None:
    """The process that holds the lock now, if one does."""
    try:
        with lock_file.open("r", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                text = file.read().strip()
                return int(text) if text.isdigit() else None
            return None
    except FileNotFoundError:
        return None
