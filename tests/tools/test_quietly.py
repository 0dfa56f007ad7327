"""Progress while a command runs, its output only when it failed, its exit code always."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

QUIETLY = Path(__file__).parents[2] / "tools" / "quietly.py"


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(QUIETLY), *arguments]


def quietly(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False)


def test_success_is_one_line_with_what_was_counted() -> None:
    done = quietly("Things", "--count", "^got ", "--", "printf", r"got a\nnoise\ngot b\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"Things \.\.\.\nThings: done \(\d+ s, 2\)\n", done.stdout)


def test_of_how_many(tmp_path: Path) -> None:
    wanted = tmp_path / "wanted"
    wanted.write_text("a==1\n# b==2\nc==3\n")
    of = ("--of", str(wanted), "^[a-z]+==")
    done = quietly("Things", "--count", "got", *of, "--", "echo", "got a")
    assert "1 of 2)" in done.stdout


def test_failure_shows_the_end_of_the_output_and_keeps_the_code() -> None:
    script = "for n in $(seq 100); do echo line $n; done; echo to stderr >&2; exit 7"
    done = quietly("Things", "--", "sh", "-c", script)
    assert done.returncode == 7
    assert "Things: failed" in done.stdout
    lines = done.stderr.splitlines()
    assert "line 100" in lines
    assert "to stderr" in lines
    assert "line 1" not in lines
    assert lines[-1].startswith("Failed (exit code 7): sh -c ")


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert quietly("Things", "--", "printf", r"\377\n").returncode == 0


def test_a_program_that_is_missing() -> None:
    done = quietly("Things", "--", "no-such-program")
    assert done.returncode == 127
    assert done.stderr == "no-such-program cannot be run: No such file or directory\n"


def test_an_interrupt_ends_the_command_and_is_a_failure() -> None:
    """Ctrl-C reaches the whole group of the terminal; make must not take the target for done."""
    with subprocess.Popen(
        command("Things", "--", "sh", "-c", "echo up; exec sleep 600"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Things ...\n"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in error
