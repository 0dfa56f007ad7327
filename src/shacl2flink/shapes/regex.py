r"""Regular expressions of XPath, translated to what java.util.regex and RE2 read alike.

`sh:pattern` is matched as `fn:matches` says: anywhere in the text, `$` only at its very
end, `.` neither CR nor LF, `\d` any decimal digit of Unicode, classes with subtraction.
The translation has neither look-around nor back-references, so an engine that needs
linear time for any text can match it; what cannot be said so is refused.

    ^[a-z-[aeiou]]\d+$   with flag i   ->   \A[B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z...]\p{Nd}+\z

With flag `m` one corner differs: XPath's `^` does not match after a line feed that ends
the text, here it does. No pattern of use tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from shacl2flink.shapes.characters import (
    BLOCKS,
    CATEGORIES,
    ESCAPES,
    LAST,
    Part,
    category,
    normal,
    quoted,
    with_other_cases,
    without,
    written,
)

FLAGS = "smixq"
MAX_LENGTH = 10_000
MAX_REPEAT = 1000
_MAX_DEPTH = 100
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPED = set("\\|.?*+(){}-[]^$")
_SPACES = "\t\n\r "


class RegexError(Exception):
    """`code` says whether the pattern is wrong or merely beyond us; `hint` what to write."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint or "see the grammar of XPath's regular expressions"


def translate(pattern: str, flags: str = "") -> str:
    unknown = sorted(set(flags) - set(FLAGS))
    if unknown:
        raise RegexError(
            "invalid-flags", f"{unknown[0]!r} is no flag of XPath", f"the flags are {FLAGS}"
        )
    if len(pattern) > MAX_LENGTH:
        raise RegexError(
            "limit-regex", f"the pattern is longer than {MAX_LENGTH} characters", "split it"
        )
    return _Translation(pattern, flags).all()


@dataclass(frozen=True)
class _Piece:
    """Translated text, whether a quantifier may follow it, and how often it repeats inside."""

    text: str
    atomic: bool = True
    repeats: int = 1


class _Translation:
    def __init__(self, pattern: str, flags: str) -> None:
        self._flags = flags
        literal = "q" in flags
        self._text = _without_spaces(pattern) if "x" in flags and not literal else pattern
        self._at = 0
        self._depth = 0

    def all(self) -> str:
        if "q" in self._flags:
            return "".join(self._literal(character) for character in self._text)
        found = self._alternatives()
        if self._at < len(self._text):
            raise self._invalid("has a ')' without '('", r"write \) for the character")
        return found.text

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise self._invalid("ends too early")
        self._at += 1
        return character

    def _alternatives(self) -> _Piece:
        branches = [self._branch()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._branch())
        text = "|".join(branch.text for branch in branches)
        return _Piece(text, atomic=False, repeats=max(branch.repeats for branch in branches))

    def _branch(self) -> _Piece:
        pieces = []
        while self._peek() not in ("", "|", ")"):
            pieces.append(self._quantified(self._atom()))
        repeats = max((piece.repeats for piece in pieces), default=1)
        return _Piece("".join(piece.text for piece in pieces), atomic=False, repeats=repeats)

    def _quantified(self, atom: _Piece) -> _Piece:
        character = self._peek()
        if not character or character not in "?*+{":
            return atom
        self._at += 1
        quantifier, most = character, 1
        if character == "{":
            quantifier, most = self._counts()
        repeats = atom.repeats * max(most, 1)
        if repeats > MAX_REPEAT:
            raise RegexError(
                "unsupported-regex",
                f"the pattern repeats something more than {MAX_REPEAT} times",
                "use sh:minLength and sh:maxLength for lengths",
            )
        if self._peek() == "?":  # reluctant: whether something is found stays the same
            self._at += 1
        if self._peek() and self._peek() in "?*+{":
            raise self._invalid(f"has the quantifier {self._peek()!r} after another one")
        text = atom.text if atom.atomic else f"(?:{atom.text})"
        return _Piece(text + quantifier, repeats=repeats)

    def _counts(self) -> tuple[str, int]:
        end = self._text.find("}", self._at)
        written_counts = self._text[self._at : end] if end >= 0 else ""
        low, comma, high = written_counts.partition(",")
        valid = (low.isascii() and low.isdigit()) and (
            not high or (high.isascii() and high.isdigit())
        )
        if not valid or (high and int(high[:9]) < int(low[:9])):
            raise self._invalid("has a '{' that is no quantifier", r"write \{ for the character")
        self._at = end + 1
        most = int((high or low)[:9])
        return (f"{{{int(low[:9])}{comma}{int(high[:9]) if high else ''}}}", most)

    def _atom(self) -> _Piece:
        character = self._next()
        if character == "(":
            return self._group()
        if character in "^$":
            return _Piece(self._anchor(character), atomic=False)
        if character in "?*+":
            raise self._invalid(f"has the quantifier {character!r} after nothing")
        if character in "{}]":
            raise self._invalid(f"has an unescaped {character!r}", f"write \\{character}")
        readers = {"[": self._class, "\\": self._escape, ".": self._any}
        read = readers.get(character)
        return _Piece(read() if read else self._literal(character))

    def _anchor(self, character: str) -> str:
        if "m" in self._flags:
            return f"(?m:{character})"
        return r"\A" if character == "^" else r"\z"

    def _any(self) -> str:
        return "(?s:.)" if "s" in self._flags else r"[^\n\r]"

    def _group(self) -> _Piece:
        if self._peek() == "?":
            if not self._text.startswith("?:", self._at):
                raise RegexError(
                    "unsupported-regex",
                    "the pattern has a group that begins with (?, which XPath does not know",
                    "look-around, named groups and inline flags have no counterpart;"
                    " flags are given by sh:flags",
                )
            self._at += 2
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise RegexError("limit-regex", f"groups are nested more than {_MAX_DEPTH} deep")
        inside = self._alternatives()
        if self._peek() != ")":
            raise self._invalid("has a '(' without ')'", r"write \( for the character")
        self._at += 1
        self._depth -= 1
        return _Piece(f"(?:{inside.text})", repeats=inside.repeats)

    def _literal(self, character: str) -> str:
        if "i" not in self._flags:
            return quoted(character)
        ranges = with_other_cases(((ord(character), ord(character)),))
        if ranges == ((ord(character), ord(character)),):
            return quoted(character)
        return written([Part(ranges=ranges)], negated=False)

    def _escape(self) -> str:
        character = self._peek()
        if character.isdigit():
            raise RegexError(
                "unsupported-regex",
                f"the pattern has the back-reference \\{character}; it cannot be matched in"
                " linear time",
                "say it without a back-reference",
            )
        part = self._escaped()
        if isinstance(part, str):
            return quoted(part)
        return written([part], negated=False)

    def _escaped(self) -> str | Part:
        """What follows a backslash: one character, or a set of them."""
        character = self._next()
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character in _ESCAPED:
            return character
        if character.lower() in ESCAPES:
            part = ESCAPES[character.lower()]
            return part if character.islower() else part.inverted()
        if character in "pP":
            part = self._property()
            return part if character == "p" else part.inverted()
        hint = f"write {character} without the backslash"
        if character in "bBAzZG":
            hint = "XPath has no such assertion; use ^, $, or \\W"
        elif character in "ux":
            hint = "write the character itself"
        raise self._invalid(f"has the unknown escape \\{character}", hint)

    def _property(self) -> Part:
        end = self._text.find("}", self._at)
        if self._peek() != "{" or end < 0:
            raise self._invalid(r"has \p without {name}")
        name = self._text[self._at + 1 : end]
        self._at = end + 1
        if name in CATEGORIES:
            return category(name)
        if name.startswith("Is"):
            if name[2:] in BLOCKS:
                return Part(ranges=(BLOCKS[name[2:]],))
            raise RegexError(
                "unsupported-regex",
                f"the pattern names the Unicode block {name[2:]!r}, which is not supported",
                "write its range, such as [\u0500-\u052f]",
            )
        raise self._invalid(f"names the unknown category {name!r}", "such as L, Lu, Nd or IsGreek")

    def _class(self) -> str:
        negated, parts = self._class_parts()
        return written(parts, negated=negated)

    def _class_parts(self) -> tuple[bool, list[Part]]:
        """The inside of `[...]`, after its opening bracket, up to and with its closing one."""
        negated = self._peek() == "^"
        self._at += negated
        parts: list[Part] = []
        while self._peek() != "]" or not parts:
            if self._peek() == "-" and self._text.startswith("-[", self._at) and parts:
                return False, [self._subtracted(parts, negated=negated)]
            parts.append(self._class_item())
        self._at += 1
        return negated, parts

    def _subtracted(self, parts: list[Part], *, negated: bool) -> Part:
        self._at += 2
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise RegexError("limit-regex", f"classes are nested more than {_MAX_DEPTH} deep")
        inner_negated, inner = self._class_parts()
        self._depth -= 1
        if self._next() != "]":
            raise self._invalid("has something after a subtraction", "a subtraction comes last")
        return Part(ranges=without(_all(parts, negated), _all(inner, inner_negated)))

    def _class_item(self) -> Part:
        start = self._class_character()
        if isinstance(start, Part):
            return start
        follows = self._text[self._at + 1 : self._at + 2]
        ranged = self._peek() == "-" and follows not in ("]", "[", "")
        if not ranged:
            return self._span(start, start)
        self._at += 1
        end = self._class_character()
        if isinstance(end, Part) or end < start:
            raise self._invalid(
                "has a range in a class that runs backwards or ends in a class",
                r"write \- for the character",
            )
        return self._span(start, end)

    def _class_character(self) -> str | Part:
        character = self._next()
        if character == "\\":
            return self._escaped()
        if character == "[":
            raise self._invalid("has an unescaped '[' in a class", r"write \[")
        if character == "]":
            raise self._invalid("has an empty class", r"write \] for the character")
        return character

    def _span(self, first: str, last: str) -> Part:
        ranges = ((ord(first), ord(last)),)
        return Part(ranges=with_other_cases(ranges) if "i" in self._flags else ranges)

    def _invalid(self, what: str, hint: str = "") -> RegexError:
        return RegexError("invalid-regex", f"the pattern {what}", hint)


def _all(parts: list[Part], negated: bool) -> tuple[tuple[int, int], ...]:
    ranges = normal(tuple(span for part in parts for span in part.as_ranges()))
    return without(((0, LAST),), ranges) if negated else ranges


def _without_spaces(pattern: str) -> str:
    """Flag x: spaces outside of classes are for the reader only."""
    kept = []
    depth, escaped = 0, False
    for character in pattern:
        if depth or character not in _SPACES:
            kept.append(character)
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "[":
            depth += 1
        elif character == "]" and depth:
            depth -= 1
    return "".join(kept)
