"""One stack per folder; its file is private and never half written; its processes are found."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.backends.local import leftovers, stackfile
from flinkjobrunner.backends.local.layout import Layout, StackError
from flinkjobrunner.backends.local.process import MARK, Child, ProcessSpec
from flinkjobrunner.config import read_stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(work_root=tmp_path / "work", runtime=tmp_path)
    layout.create()
    return layout


HOLDER = """
import sys
from pathlib import Path
from flinkjobrunner.backends.local import stackfile
from flinkjobrunner.backends.local.layout import Layout
with stackfile.only_one(Layout(work_root=Path(sys.argv[1]), runtime=Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(layout: Layout) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(layout.work_root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_stack_is_refused_and_told_of_the_first(
    layout: Layout, holder: subprocess.Popen[bytes]
) -> None:
    assert stackfile.holder(layout.lock_file) == holder.pid
    with (
        pytest.raises(StackError, match=f"already runs .*process {holder.pid}.*down"),
        stackfile.only_one(layout),
    ):
        pass
    assert stackfile.holder(layout.lock_file) == holder.pid


def test_a_killed_holder_leaves_no_lock(layout: Layout, holder: subprocess.Popen[bytes]) -> None:
    holder.kill()
    holder.wait()
    assert stackfile.holder(layout.lock_file) is None
    with stackfile.only_one(layout):
        pass


def test_the_file_is_private_and_always_whole(layout: Layout) -> None:
    content = {"pids": {"kafka": 1}, "database_url": "postgresql://u:secret@h/d", "pad": "x" * 9999}
    ended = threading.Event()

    def rewrite() -> None:
        while not ended.is_set():
            stackfile.write(layout, content)

    stackfile.write(layout, content)
    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        assert all(read_stack(layout.work_root) == content for _ in range(300))
    finally:
        ended.set()
        writer.join()
    assert layout.stack_file.stat().st_mode & 0o077 == 0


def test_leftovers_are_found_by_their_mark_and_ended(layout: Layout, tmp_path: Path) -> None:
    spec = ProcessSpec(command=("/bin/sleep", "600"), output=tmp_path / "out")
    ours = Child(spec, leftovers.mark_of(layout.work_root))
    other = Child(spec, leftovers.mark_of(tmp_path / "another"))
    try:
        assert [process.pid for process in leftovers.find(layout.work_root)] == [ours.pid]
        assert leftovers.belongs(ours.pid, layout.work_root)
        assert not leftovers.belongs(other.pid, layout.work_root)
        leftovers.end(leftovers.find(layout.work_root), grace=5)
        assert leftovers.find(layout.work_root) == []
        assert other.alive()
    finally:
        ours.kill()
        other.kill()


def test_a_mark_inherited_by_grandchildren_is_found(layout: Layout, tmp_path: Path) -> None:
    environment = {**os.environ, MARK: leftovers.mark_of(layout.work_root)}
    command = ["/bin/sh", "-c", "sleep 600 & echo up; wait"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        assert shell.stdout.readline() == b"up\n"
        found = leftovers.find(layout.work_root)
        leftovers.end(found, grace=5)
        assert shell.pid in {process.pid for process in found}
        assert len(found) == 2
        assert leftovers.find(layout.work_root) == []
