"""Sets of characters as regular expressions of XML Schema and XPath describe them.

A set is ranges of code points, or general categories of Unicode. It is written in the
syntax that java.util.regex and RE2 share; what that syntax has no word for (subtraction,
a union with a complement) is counted out into ranges.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LAST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]

# Chapter 2.3 of XML 1.0 (fifth edition): what a name may begin with, what may follow.
_NAME_START: Ranges = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6),
    (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F),
    (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME: Ranges = (
    *_NAME_START, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040),
)  # fmt: skip
_SPACE: Ranges = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))
_MAJOR = frozenset("LMNPZS")
CATEGORIES = frozenset({
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No",
    "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp",
    "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn",
})  # fmt: skip
BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F), "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF), "SpacingModifierLetters": (0x2B0, 0x2FF),
    "CombiningDiacriticalMarks": (0x300, 0x36F), "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF), "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF), "Devanagari": (0x900, 0x97F),
    "Bengali": (0x980, 0x9FF), "Tamil": (0xB80, 0xBFF), "Thai": (0xE00, 0xE7F),
    "Tibetan": (0xF00, 0xFFF), "Georgian": (0x10A0, 0x10FF), "HangulJamo": (0x1100, 0x11FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF), "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F), "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF), "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F), "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF), "MiscellaneousTechnical": (0x2300, 0x23FF),
    "BoxDrawing": (0x2500, 0x257F), "BlockElements": (0x2580, 0x259F),
    "GeometricShapes": (0x25A0, 0x25FF), "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF), "BraillePatterns": (0x2800, 0x28FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F), "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF), "Bopomofo": (0x3100, 0x312F),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF), "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF), "PrivateUseArea": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF), "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}  # fmt: skip
# Where letters with two cases are; elsewhere nobody needs to look for them.
_CASED = (
    (0x0, 0x2E00), (0xA640, 0xA800), (0xAB30, 0xABC0), (0xFF21, 0xFF5B), (0x10400, 0x10D00),
    (0x118A0, 0x118E0), (0x16E40, 0x16E80), (0x1E900, 0x1E944),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Ranges, or the characters of some general categories; or all others than those."""

    ranges: Ranges = ()
    categories: frozenset[str] = frozenset()
    complement: bool = False

    def inverted(self) -> Part:
        if self.ranges:
            return Part(ranges=complement(normal(self.ranges)))
        return Part(categories=self.categories, complement=not self.complement)

    def as_ranges(self) -> Ranges:
        if not self.categories:
            return normal(self.ranges)
        wanted = self.categories
        by_category = _ranges_by_category()
        found = normal(
            tuple(
                span
                for name, spans in by_category.items()
                if name in wanted or name[0] in wanted
                for span in spans
            )
        )
        return complement(found) if self.complement else found


ESCAPES = {
    "s": Part(ranges=_SPACE),
    "i": Part(ranges=_NAME_START),
    "c": Part(ranges=_NAME),
    "d": Part(categories=frozenset({"Nd"})),
    "w": Part(categories=frozenset("LMNS")),
}


def category(name: str) -> Part:
    """RE2's `C` leaves out unassigned characters, so they are said by what they are not."""
    if name == "C":
        return Part(categories=_MAJOR, complement=True)
    if name == "Cn":
        return Part(categories=_MAJOR | {"Cc", "Cf", "Co", "Cs"}, complement=True)
    return Part(categories=frozenset({name}))


def normal(ranges: Ranges) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    found = []
    start = 0
    for low, high in ranges:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)


def without(ranges: Ranges, removed: Ranges) -> Ranges:
    return complement(normal((*complement(ranges), *removed)))


def with_other_cases(ranges: Ranges) -> Ranges:
    """The ranges and whatever differs from their characters only in case."""
    added = [
        (other, other)
        for low, high in ranges
        for character, others in _cases().items()
        if low <= character <= high
        for other in others
    ]
    return normal((*ranges, *added))


def written(parts: list[Part], *, negated: bool) -> str:
    """The union of the parts, or everything else."""
    simple = all(
        not part.complement or len(part.categories) == 1 or len(parts) == 1 for part in parts
    )
    if not simple:
        everything = tuple(span for part in parts for span in part.as_ranges())
        parts = [Part(ranges=everything)]
    if len(parts) == 1 and parts[0].complement:
        parts, negated = [parts[0].inverted()], not negated
    ranges = normal(tuple(span for part in parts for span in part.ranges))
    inside = "".join(_span(low, high) for low, high in ranges)
    for part in parts:
        sign = "P" if part.complement else "p"
        inside += "".join(f"\\{sign}{{{name}}}" for name in sorted(part.categories))
    if not inside:  # no engine knows a class without members
        return r"[\x{0}-\x{10FFFF}]" if negated else r"[^\x{0}-\x{10FFFF}]"
    return f"[^{inside}]" if negated else f"[{inside}]"


def quoted(character: str) -> str:
    """One character outside or inside of a class."""
    if character.isascii() and (character.isalnum() or character in " _:/@,;=<>!%'\"~`#"):
        return character
    if character in "\\.^$|?*+()[]{}-":
        return "\\" + character
    if not character.isascii() and character.isprintable() and not character.isspace():
        return character
    return f"\\x{{{ord(character):X}}}"


def _span(low: int, high: int) -> str:
    first, last = (quoted(chr(c)) if not 0xD800 <= c <= 0xDFFF else f"\\x{{{c:X}}}"
                   for c in (low, high))  # fmt: skip
    return first if low == high else f"{first}-{last}" if high > low + 1 else first + last


@lru_cache(maxsize=1)
def _ranges_by_category() -> dict[str, Ranges]:
    spans: dict[str, list[tuple[int, int]]] = {}
    current, start = unicodedata.category(chr(0)), 0
    for point in range(1, LAST + 2):
        name = unicodedata.category(chr(point)) if point <= LAST else ""
        if name != current:
            spans.setdefault(current, []).append((start, point - 1))
            current, start = name, point
    return {name: tuple(found) for name, found in spans.items()}


@lru_cache(maxsize=1)
def _cases() -> dict[int, tuple[int, ...]]:
    """F&O, 5.6.1.1: case variants share their lower-case or their upper-case form."""
    groups: dict[str, list[int]] = {}
    for low, high in _CASED:
        for point in range(low, high):
            character = chr(point)
            for kind, form in (("l", character.lower()), ("u", character.upper())):
                groups.setdefault(kind + form, []).append(point)
    variants: dict[int, set[int]] = {}
    for points in groups.values():
        for point in points:
            variants.setdefault(point, set()).update(points)
    return {
        point: tuple(sorted(others - {point}))
        for point, others in variants.items()
        if len(others) > 1
    }
