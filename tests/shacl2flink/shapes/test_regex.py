"""XPath's regular expressions: what is refused, and that the translation means the same."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shacl2flink.shapes.regex import RegexError, translate
from support.patterns import MEANING

INVALID = [
    "a**", "*a", "+", "?", "(a", "a)", "[a", "[]", "[^]", "[b-a]", "[a-\\d]", "a{2,1}", "a{,3}",
    "a{", "a{x}", "{1}", "]", "}", "[[]", "[a[b]", "\\", r"\b", r"\/", r"\u0041", r"\A", r"\Z",
    r"\p", r"\p{", r"\p{}", r"\p{Foo}", r"\pL", "[a-", "[a-[b]", "[a-[b]c]", "a|*", "(*)",
    "a{1}{2}",
]  # fmt: skip
UNSUPPORTED = [
    r"(a)\1", r"\0", "(?=a)", "(?!a)", "(?<=a)", "(?i)a", "(?P<n>a)", "a{1001}", "(a{40}){40}",
    "(a{2,}){600}", r"\p{IsUnknownBlock}",
]  # fmt: skip


def as_python(regex: str) -> re.Pattern[str]:
    """The part of RE2's syntax that the translation uses, in Python's words."""

    def words(found: re.Match[str]) -> str:
        token = found.group()
        if token.startswith(r"\x{"):
            return re.escape(chr(int(token[3:-1], 16)))
        if token[:3] in (r"\p{", r"\P{"):
            return members(token[3:-1], inverted=token[1] == "P")
        return {r"\z": r"\Z"}.get(token, token)

    def members(category: str, *, inverted: bool) -> str:
        return "".join(
            re.escape(chr(point))
            for point in range(0x2FFF)
            if unicodedata.category(chr(point)).startswith(category) != inverted
        )

    return re.compile(re.sub(r"\\x\{[^}]*\}|\\[pP]\{[^}]*\}|\\.", words, regex))


@pytest.mark.parametrize(("pattern", "flags", "found", "not_found"), MEANING)
def test_meaning(pattern: str, flags: str, found: list[str], not_found: list[str]) -> None:
    translated = as_python(translate(pattern, flags))
    assert [text for text in found if not translated.search(text)] == []
    assert [text for text in not_found if translated.search(text)] == []


@pytest.mark.parametrize("pattern", INVALID)
def test_invalid(pattern: str) -> None:
    with pytest.raises(RegexError) as refused:
        translate(pattern)
    assert refused.value.code == "invalid-regex"
    assert refused.value.hint


@pytest.mark.parametrize("pattern", UNSUPPORTED)
def test_unsupported(pattern: str) -> None:
    with pytest.raises(RegexError) as refused:
        translate(pattern)
    assert refused.value.code == "unsupported-regex"
    assert refused.value.hint


@pytest.mark.parametrize("pattern", ["(" * 5000, "[a-" * 5000, "a" * 20_000])
def test_limits(pattern: str) -> None:
    with pytest.raises(RegexError) as refused:
        translate(pattern)
    assert refused.value.code in ("limit-regex", "invalid-regex")


@settings(max_examples=500, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("ab01-^$.|?*+(){}[],\\pdwsicPDWSIC:é\n "), max_size=15),
    st.text(alphabet="smixq", max_size=3),
)
def test_anything_is_translated_or_refused(pattern: str, flags: str) -> None:
    try:
        regex = translate(pattern, flags)
    except RegexError:
        return
    as_python(regex)
    assert "&&" not in regex
    assert not re.search(r"\(\?[^:sm]", regex)
