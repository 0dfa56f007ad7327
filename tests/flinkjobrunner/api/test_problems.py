from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from flinkjobrunner.api import problems
from flinkjobrunner.errors import DatabaseUnavailableError, Problem
from flinkjobrunner.jobs import Queue

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from flask.testing import FlaskClient

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference" / "http.md"
SECRET = "CANARY0123456789abcdef"


def texts(node: ast.expr) -> Iterator[str]:
    """What an expression for a code can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def raised() -> set[str]:
    """The codes of every `Problem` that the sources make."""
    found = set(problems._CODES.values())
    for path in (ROOT / "src" / "flinkjobrunner").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                for keyword in node.keywords:
                    if keyword.arg == "code":
                        found.update(texts(keyword.value))
            if path.name == "server.py" and isinstance(node, ast.Assign):
                found.update(re.findall(r"\(\d+, '([a-z-]+)'\)", ast.unparse(node.value)))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_EntityError":
                found.update(texts(node.args[0]))
    return found


def test_every_code_is_documented_and_no_other() -> None:
    section = REFERENCE.read_text().partition("## Codes of problems")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| ([0-9, ]+) \| (.+) \|$", section, re.MULTILINE)
    assert {code for code, _, _ in rows} == raised()
    assert [code for code, _, _ in rows] == sorted({code for code, _, _ in rows})


def test_codes_are_in_kebab_case() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in raised())


def test_a_database_that_is_away(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object, **_more: object) -> None:
        raise DatabaseUnavailableError(f"postgresql://u:{SECRET}@h/d is away")

    monkeypatch.setattr(Queue, "page", away)
    answer = client.get("/jobs")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "5"
    assert answer.json is not None
    assert answer.json["code"] == "database-unavailable"
    assert SECRET not in answer.text


def test_our_own_fault_tells_nothing_of_itself(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise RuntimeError(f"https://h/x?sig={SECRET}")

    monkeypatch.setattr(Queue, "page", broken)
    answer = client.get("/jobs")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == "internal-error"
    assert "RuntimeError" not in answer.text
    assert SECRET not in answer.text


def test_whatever_a_problem_quotes_is_redacted() -> None:
    url = f"https://h/x?sig={SECRET}"
    problem = Problem(status=400, code="x", title=url, detail=url, hint=url, fields=[{url: url}])
    answer = problems.respond(problem)
    assert SECRET not in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).count("[redacted]") == 5
