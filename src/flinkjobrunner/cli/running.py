"""The life of `up`: in the foreground until a signal, or detached until `down`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flinkjobrunner.backends.local import findings, leftovers, stackfile
from flinkjobrunner.backends.local.layout import StackError
from flinkjobrunner.backends.local.service import python_environment
from flinkjobrunner.backends.local.stack import Stack, clear_leftovers, layout_of
from flinkjobrunner.backends.local.supervisor import State
from flinkjobrunner.config import Backend, checkout_root, load_settings, read_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from flinkjobrunner.backends.local.layout import Layout
    from flinkjobrunner.backends.local.supervisor import Status

    Say = Callable[[str], None]

_END_SECONDS = 60.0
_START_SECONDS = 180.0


def run_in_foreground(say: Say) -> None:
    """Until Ctrl-C or a signal to end; by then no process is left."""
    with interruptible():
        with suppress(KeyboardInterrupt), Stack(Progress(say), say) as stack:
            say(f"Ready: {stack.settings.service_url} (Ctrl-C ends it)")
            while True:
                signal.pause()
        say("Ended.")


@contextmanager
def interruptible() -> Iterator[None]:
    """Makes the signals that end a program a KeyboardInterrupt, the first one only: what follows
    is orderly and takes bounded time, and an impatient second Ctrl-C must not cut it short."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            # Not SIG_IGN, which processes that are started meanwhile would inherit.
            signal.signal(number, lambda _number, _frame: None)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        # A hang-up that is ignored is nohup's wish. That SIGINT is ignored only says that a script
        # has put us into the background; whoever sends it by name still means us.
        if number != signal.SIGHUP or handler is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Progress:
    """Tells what becomes of the parts, one line for each change that matters."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._started = time.monotonic()
        self._down: set[str] = set()

    def __call__(self, status: Status) -> None:
        elapsed = time.monotonic() - self._started
        if status.state is State.READY:
            again = "again " if status.name in self._down else ""
            self._down.discard(status.name)
            self._say(f"  {elapsed:5.1f} s  {status.name} is {again}ready")
        elif status.state is State.DOWN and status.note and not status.stopping:
            self._down.add(status.name)
            self._say(f"  {elapsed:5.1f} s  {status.name} ended ({status.note}), is restarted")


def build_missing(say: Say) -> None:
    """What is not Python is built by the checkout's own Makefile, which tells how far it is."""
    settings = load_settings()
    if settings.backend is not Backend.LOCAL or findings.jars_found(layout_of(settings)).ok:
        return
    root = checkout_root()
    if not (root / "Makefile").exists():
        return
    say("Building what is missing")
    make = ["make", "--no-print-directory", "-C", str(root), f"PYTHON={sys.executable}"]
    try:
        # A list of arguments, no shell.
        code = subprocess.run([*make, "build/runtime/validator.jar"], check=False).returncode  # noqa: S603
    except FileNotFoundError:
        raise StackError("The jars are missing, and there is no make to build them.") from None
    if code != 0:
        raise StackError("The jars could not be built; what is above says why.")


def start_detached(say: Say) -> None:
    """A session of its own, so that closing the terminal does not end it."""
    layout = layout_of(load_settings())
    layout.create()
    if (process := stackfile.holder(layout.lock_file)) is not None:
        raise StackError(
            f"A stack already runs in {layout.work_root} (process {process}): "
            "`flinkjobrunner down` ends it."
        )
    log = layout.log("up")
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", "flinkjobrunner", "up"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=python_environment(),
            start_new_session=True,
        )
    try:
        url = _await_ready(started, layout)
    except KeyboardInterrupt:
        _terminate(started)
        raise StackError("Interrupted; what had been started is ended.") from None
    if url is not None:
        say(f"Ready: {url} (`flinkjobrunner down` ends it)")
    elif started.poll() is None:
        _terminate(started)
        raise StackError(f"The stack was not ready within {_START_SECONDS:.0f} s: see {log}.")
    else:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise StackError(lines[-1] if lines else f"The stack ended at its start: see {log}.")


def _await_ready(started: subprocess.Popen[bytes], layout: Layout) -> str | None:
    deadline = time.monotonic() + _START_SECONDS
    while started.poll() is None and time.monotonic() < deadline:
        content = read_stack(layout.work_root)
        if content.get("ready") and content["pids"]["up"] == started.pid:
            return str(content["service_url"])
        time.sleep(0.1)
    return None


def _terminate(started: subprocess.Popen[bytes]) -> None:
    started.terminate()
    started.wait()


def end() -> str:
    """Ends the stack of this WORK_ROOT, however it was started and whatever is left of it."""
    layout = layout_of(load_settings())
    if not layout.work_root.exists():
        return f"Nothing runs in {layout.work_root}."
    holder = stackfile.holder(layout.lock_file)
    if holder is not None:
        _end_process(layout, holder)
    count = clear_leftovers(layout)
    if holder is None:
        left = f"; {count} processes were left over and are ended" if count else ""
        return f"Nothing ran in {layout.work_root}{left}."
    return "Ended."


def _end_process(layout: Layout, holder: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + _END_SECONDS
    while stackfile.holder(layout.lock_file) is not None:
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.kill(holder, signal.SIGKILL)
            leftovers.end(leftovers.find(layout.work_root), grace=5)
            return
        time.sleep(0.05)
