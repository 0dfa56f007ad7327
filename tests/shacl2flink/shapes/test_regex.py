"""XPath's regular expressions: what is refused, and that the translation means the same."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shacl2flink.shapes.regex import RegexError, translate

# Pattern, flags, texts in which it is found, texts in which it is not.
MEANING: list[tuple[str, str, list[str], list[str]]] = [
    ("b", "", ["b", "abc"], ["", "B"]),
    ("", "", ["", "a"], []),
    ("^b", "", ["bc"], ["ab", "a\nb"]),
    ("b$", "", ["ab"], ["b\n", "b\na"]),
    ("^b$", "m", ["a\nb\nc", "b"], ["ab", "a\rb"]),
    ("a.b", "", ["axb", "a\u2028b"], ["a\nb", "a\rb", "ab"]),
    ("a.b", "s", ["a\nb", "a\rb"], ["ab"]),
    (r"^\d+$", "", ["12", "\u0663\u0664"], ["", "1a", "\u00b2"]),
    (r"^\D$", "", ["a"], ["1", "\u0663"]),
    (r"^\w+$", "", ["aé1", "$", "\u0301"], ["a-b", "a b", "!"]),
    (r"^\W+$", "", ["-", "! "], ["a", "1", "+"]),
    (r"^\s$", "", [" ", "\t", "\n", "\r"], ["\u00a0", "\f", "a"]),
    (r"^\S$", "", ["\u00a0", "a"], [" "]),
    (r"^\i\c*$", "", ["a-b.c", "_x", ":y", "é1"], ["1a", "-a", "a b"]),
    (r"^\I$", "", ["1", "-"], ["a", "_"]),
    (r"^\C$", "", [" ", "!"], ["a", "-", "."]),
    (r"^\p{Lu}\P{Lu}$", "", ["Aa", "É1"], ["aA", "AA"]),
    (r"^\p{L}+$", "", ["abcé"], ["a1"]),
    (r"^\p{IsGreek}+$", "", ["\u03b1\u03b2"], ["ab"]),
    (r"^\P{IsBasicLatin}$", "", ["é"], ["e"]),
    (r"^\p{Cn}$", "", ["\u0378"], ["a"]),
    (r"^\p{C}$", "", ["\u0378", "\u0001"], ["a"]),
    ("^[a-z-[aeiou]]+$", "", ["bcd"], ["a", "be", "-"]),
    (r"^[\w-[\d_]]+$", "", ["ab"], ["a1", "1"]),
    (r"^[^a-c-[x]]$", "", ["d"], ["a", "x"]),
    ("^[a-z-[b-y-[m]]]+$", "", ["amz"], ["b", "c"]),
    (r"^[^\d\s]+$", "", ["ab"], ["a1", "a b"]),
    (r"^[\W\d]$", "", ["1", "-"], ["a"]),
    (r"^[\]\[\-\\^]$", "", ["]", "[", "-", "\\", "^"], ["a"]),
    ("^[-a]$", "", ["-", "a"], ["b"]),
    ("^[a-]$", "", ["-", "a"], ["b"]),
    ("^[&~|.+*?{}()$]$", "", list("&~|.+*?{}()$"), ["a", ","]),
    ("^(ab|cd)+$", "", ["ab", "cdab"], ["a", "abc"]),
    ("^(?:ab){2}$", "", ["abab"], ["ab", "ababab"]),
    ("^a{2,3}$", "", ["aa", "aaa"], ["a", "aaaa"]),
    ("^a{2,}$", "", ["aa", "aaaaa"], ["a"]),
    ("^a{0}b$", "", ["b"], ["ab"]),
    ("^a+?b??$", "", ["a", "aab"], ["b", "abb"]),
    ("^(a|)b$", "", ["ab", "b"], ["a"]),
    (r"^\.\*\?\+\(\)\{\}\|\$\^\\$", "", [".*?+(){}|$^\\"], ["a"]),
    (r"^\n\t\r$", "", ["\n\t\r"], ["ntr"]),
    ("^straße$", "i", ["STRAßE", "straße"], ["strasse"]),
    ("^k$", "i", ["K", "\u212a"], ["c"]),
    ("^[a-c]+$", "i", ["aBC"], ["d"]),
    ("^[^a]$", "i", ["b"], ["a", "A"]),
    (r"^\p{Lu}$", "i", ["A"], ["a"]),
    ("^[A-Z-[IO]]$", "i", ["a", "B"], ["i", "I", "o"]),
    ("^\u03c3$", "i", ["\u03a3", "\u03c2"], ["s"]),
    ("a b\n c", "x", ["abc"], ["a b c"]),
    ("a[ ]b", "x", ["a b"], ["ab"]),
    (r"^\p{ IsGreek }$", "x", ["\u03b1"], ["a"]),
    ("a.b*", "q", ["xa.b*x"], ["axb"]),
    ("A.b", "qi", ["a.B"], ["axb"]),
    ("[", "q", ["["], ["a"]),
    ("^\U0001f600+$", "", ["\U0001f600\U0001f600"], ["\u263a"]),
    ("^[\U0001f600-\U0001f610]$", "", ["\U0001f605"], ["\u263a"]),
    ("^.$", "", ["\U0001f600", "é"], ["ab", ""]),
    ("^é$", "", ["é"], ["e\u0301"]),
]
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
