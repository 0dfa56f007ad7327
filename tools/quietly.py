"""Runs a command, tells how far it is, and shows what it printed only if it failed.

    python3 tools/quietly.py LABEL [--count REGEX [--of FILE REGEX]] -- COMMAND...

Bootstrapping runs before anything is installed, so this is the standard library only. On
a terminal one line is rewritten; elsewhere (a CI log) a line comes every ten seconds.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path


def main() -> int:
    options, command = parse(sys.argv[1:])
    lines: list[str] = []
    process = None
    # Whoever asks it to end must not leave a download behind that goes on.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        progress = Progress(options.label, total(options.of), counts=options.count is not None)
        process = start(command)
        code = follow(process, options.count, lines, progress)
    except KeyboardInterrupt:
        if process is not None:
            process.terminate()
            process.wait()
        print(f"{options.label}: interrupted", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{command[0]} cannot be run: {error.strerror}", file=sys.stderr)
        return 127
    progress.end(failed=code != 0)
    if code != 0:
        sys.stderr.write("".join(lines[-60:]))
        print(f"Failed (exit code {code}): {' '.join(command)}", file=sys.stderr)
    return code


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def follow(
    process: subprocess.Popen[str], count: str | None, lines: list[str], progress: Progress
) -> int:
    threading.Thread(target=progress.tick, daemon=True).start()
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if count and re.search(count, line):
            progress.done += 1
    return process.wait()


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    if "--" not in arguments:
        sys.exit(__doc__)
    split = arguments.index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("label")
    parser.add_argument("--count")
    parser.add_argument("--of", nargs=2)
    return parser.parse_args(arguments[:split]), arguments[split + 1 :]


def total(of: list[str] | None) -> int | None:
    if of is None:
        return None
    text = Path(of[0]).read_text(encoding="utf-8")
    return len(re.findall(of[1], text, re.MULTILINE))


class Progress:
    def __init__(self, label: str, of: int | None, *, counts: bool) -> None:
        self.done = 0
        self._label = label
        self._of = of
        self._counts = counts
        self._started = time.monotonic()
        self._terminal = sys.stdout.isatty()
        self._ended = threading.Event()
        if not self._terminal:
            print(f"{label} ...", flush=True)

    def tick(self) -> None:
        while not self._ended.wait(0.5 if self._terminal else 10):
            self._show("...")

    def end(self, *, failed: bool) -> None:
        self._ended.set()
        self._show("failed" if failed else "done")
        if self._terminal:
            print(flush=True)

    def _show(self, state: str) -> None:
        elapsed = f"{time.monotonic() - self._started:.0f} s"
        of = f" of {self._of}" if self._of else ""
        count = f", {self.done}{of}" if self._counts and self.done else ""
        line = f"{self._label}: {state} ({elapsed}{count})"
        if self._terminal:
            print(f"\r\033[K{line}", end="", flush=True)
        else:
            print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
