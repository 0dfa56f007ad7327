"""House rules that no other tool watches over; each test names the files that break its rule."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 500

# Where packages come from is the business of each user's own configuration.
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|repo1?\.maven|maven\.org|crates\.io"
    r"|(?:proxy|sum)\.golang\.org|(?:deb|security)\.debian\.org",
    re.IGNORECASE,
)
# A folder of the machine that the text was written on. `/app/work` is the image's own.
MACHINE_PATHS = re.compile(r"(?<![a-z.])/(?:work|root|farm|home/[a-z]+)/[a-z]")


def tracked(*suffixes: str) -> list[Path]:
    """What is in the repository or about to be; binary files have other suffixes."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix in suffixes]


SOURCES = tracked(".py", ".java")
TEXTS = [*SOURCES, *tracked("", ".md", ".toml", ".txt", ".xml", ".yaml", ".yml", ".sh", ".json")]


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 50
    assert ROOT / "Makefile" in TEXTS


def test_modules_stay_small() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert {str(file.relative_to(ROOT)): n for file, n in lengths.items() if n >= MOST_LINES} == {}


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("no registry's host", REGISTRIES),
        ("no path of one machine", MACHINE_PATHS),
    ],
)
def test_texts_do_not_name(rule: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in TEXTS
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == [], rule


def test_no_python_test_is_skipped_without_a_reason() -> None:
    silent = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in tracked(".py")
        if "tests" in file.parts
        for call in unexplained_skips(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_java_test_is_skipped_without_a_reason() -> None:
    silent = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked(".java")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"@Disabled(?!\(\")", line)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("pytest.skip('no browser')", 0),
        ("pytest.skip()", 1),
        ("pytest.skip('')", 1),
        ("@pytest.mark.skip\ndef test(): ...", 1),
        ("@pytest.mark.skipif(True, reason='slow')\ndef test(): ...", 0),
        ("@pytest.mark.skipif(True)\ndef test(): ...", 1),
        ("@pytest.mark.xfail(strict=True)\ndef test(): ...", 1),
        ("pytest.importorskip('x', reason='x is not for this platform')", 0),
    ],
)
def test_unexplained_skips_are_found(source: str, count: int) -> None:
    assert len(unexplained_skips(ast.parse(source))) == count


def unexplained_skips(tree: ast.AST) -> list[ast.expr]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {id(call.func) for call in calls}
    skips: list[ast.expr] = [call for call in calls if skipping(call.func) and not reason(call)]
    # A bare mark is no call and has no room for a reason.
    skips += [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and id(node) not in called
        and re.fullmatch(r"pytest\.mark\.(skip|skipif|xfail)", ast.unparse(node))
    ]
    return skips


def skipping(function: ast.expr) -> bool:
    name = ast.unparse(function)
    return bool(re.fullmatch(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)", name))


def reason(call: ast.Call) -> bool:
    """A text that is not empty: `reason=...`, or the only argument of `skip` and `xfail`."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
    alone = call.args[:1] if re.search(r"\b(skip|xfail)$", ast.unparse(call.func)) else []
    return any(not (isinstance(text, ast.Constant) and not text.value) for text in [*named, *alone])
