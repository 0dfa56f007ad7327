"""Every code with which a job can fail is documented, and nothing is documented that is not."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "src" / "flinkjobrunner"
REFERENCE = ROOT / "docs" / "reference" / "http.md"


def trees() -> Iterator[ast.AST]:
    return (ast.parse(path.read_text()) for path in SOURCES.rglob("*.py"))


def raised() -> set[str]:
    """The constants among the codes with which these errors are made."""
    found = set()
    for node in (node for tree in trees() for node in ast.walk(tree)):
        if not isinstance(node, ast.Call):
            continue
        if ast.unparse(node.func) in ("StepError", "FetchError", "JobError"):
            named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            found |= {value for one in (*node.args[:1], *named) for value in constants(one)}
    return found


def constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def documented() -> list[str]:
    section = REFERENCE.read_text().partition("## Codes of failed jobs")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([a-z0-9-]+)` \| .+ \|$", section, re.MULTILINE)


def test_every_code_is_documented_once_and_in_order() -> None:
    assert raised() - set(documented()) == set()
    assert documented() == sorted(set(documented()))


def test_nothing_else_is_documented() -> None:
    texts = {value for tree in trees() for node in ast.walk(tree) for value in constants(node)}
    assert set(documented()) - texts == set()
    assert len(documented()) > 30
