"""A token scan of Turtle text that only locates: where a subject, predicate or object stands.

It never decides what a text means; that is the parser's word alone. It reads a text
that the parser has already accepted, so it may be lenient, and when it meets what it
does not know (the triple terms of RDF 1.2) it gives up and there are no positions.

    ex:S sh:property [ sh:path ex:p ; sh:minCount 1 ] .

    Scanned("ex:S" as IRI) -- sh:property --> Scanned("[")
                                                 sh:path --> ex:p, sh:minCount --> 1
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from shacl2flink.rdf.vocab import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<skip>[\s]+|\#[^\n]*)
      |(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''
                 |"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')
      |(?P<strange><<|\{\||\|\}|~)
      |(?P<iri><(?:[^<>\s\\]|\\.)*+>)
      |(?P<directive>@(?:prefix|base|version)\b)
      |(?P<language>@[A-Za-z0-9-]+)
      |(?P<typed>\^\^)
      |(?P<mark>[;,.\[\](){}](?![0-9])|[;,\[\](){}])
      |(?P<word>(?:[^\s;,.\[\](){}<>"'\\^@\#~|]|\\.|\.(?=[^\s;,.\[\](){}<>"'^@\#~|])|\#(?<=[^\s]\#))+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)")


class Unreadable(Exception):
    """The text has something that this scan does not know; there will be no positions."""


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    offset: int


@dataclass
class Place:
    """A node in the text, and what is said of it there: predicate, object, where, in order.

    `key` is the IRI or the label (`_:x`) of a node that has one; a list has `members`.
    """

    offset: int
    key: str | None = None
    said: list[tuple[str, Place, int]] = field(default_factory=list)
    members: list[Place] | None = None


def scan(text: str) -> list[Place]:
    """The subjects of the text, in order; one that occurs twice is there twice."""
    return _Scan(text).subjects()


def _tokens(text: str) -> Iterator[Token]:
    offset = 0
    for found in _TOKEN.finditer(text):
        if found.start() != offset:
            raise Unreadable(text[offset : offset + 20])
        offset = found.end()
        kind = found.lastgroup or "skip"
        if kind == "strange":
            raise Unreadable(found.group())
        if kind != "skip":
            yield Token(kind, found.group(), found.start())
    if offset != len(text):
        raise Unreadable(text[offset : offset + 20])


class _Scan:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._prefixes: dict[str, str] = {}
        self._base = ""

    def subjects(self) -> list[Place]:
        found: list[Place] = []
        while self._at < len(self._tokens):
            if not (self._directive() or self._graph()):
                subject = self._node()
                found.append(subject)
                self._statements(subject)
        return found

    def _peek(self) -> Token:
        if self._at >= len(self._tokens):
            return Token("mark", ".", 0)  # the last dot of a block of TriG may be missing
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _directive(self) -> bool:
        token = self._peek()
        word = token.text.lstrip("@").lower()
        sparql = token.kind == "word" and word in ("prefix", "base", "version")
        if token.kind != "directive" and not sparql:
            return False
        self._next()
        if word == "prefix":
            prefix = self._next().text
            self._prefixes[prefix.removesuffix(":")] = self._iri(self._next().text)
        elif word == "base":
            self._base = self._iri(self._next().text)
        else:
            self._next()
        if not sparql and self._peek().text == ".":
            self._next()
        return True

    def _graph(self) -> bool:
        """The braces of TriG and the names before them: graphs are merged."""
        token = self._peek()
        if token.text in ("{", "}", "."):
            self._next()
            return True
        if token.kind == "word" and token.text.lower() == "graph":
            self._at += 2
            return True
        after = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else token
        if after.text == "{":
            self._next()
            return True
        return False

    def _statements(self, subject: Place, *, members: bool = False) -> None:
        """What follows a subject, up to its dot, closing bracket or closing brace.

        Nested nodes are kept on a stack of their own: the depth of a text is not ours.
        """
        open_: list[Place] = [subject]
        predicates: list[tuple[str, int]] = [("", 0)]
        fresh = [False]  # whether the next object is the first of its predicate
        lists = [members]  # whether members of a list stand here
        while True:
            token = self._next()
            inner = open_[-1]
            if token.text in (".", "}") and token.kind == "mark" and len(open_) == 1:
                return
            if token.kind == "mark" and token.text in "])":
                open_.pop()
                predicates.pop()
                fresh.pop()
                lists.pop()
                if not open_:
                    raise Unreadable(token.text)
            elif token.text == ";" and token.kind == "mark":
                predicates[-1] = ("", 0)
            elif token.text == "," and token.kind == "mark":
                fresh[-1] = False
            elif not lists[-1] and not predicates[-1][0]:
                predicates[-1] = (self._predicate(token), token.offset)
                fresh[-1] = True
            else:
                self._at -= 1
                child = self._node(deep=True)
                predicate, offset = predicates[-1]
                if lists[-1] and inner.members is not None:
                    inner.members.append(child)
                else:
                    where = offset if fresh[-1] else child.offset
                    inner.said.append((predicate, child, where))
                if token.kind == "mark":
                    open_.append(child)
                    predicates.append(("", 0))
                    fresh.append(False)
                    lists.append(child.members is not None)

    def _node(self, *, deep: bool = False) -> Place:
        """The node at this token; the inside of a bracket is left to who reads on (`deep`)."""
        token = self._next()
        if token.kind == "mark" and token.text in "[(":
            place = Place(token.offset, members=[] if token.text == "(" else None)
            if not deep:
                self._inside(place)
            return place
        if token.kind == "string":
            if self._peek().kind == "language":
                self._next()
            elif self._peek().kind == "typed":
                self._at += 2
            return Place(token.offset)
        if token.kind == "iri":
            return Place(token.offset, key=self._iri(token.text))
        if token.kind == "word":
            return Place(token.offset, key=self._word(token.text))
        raise Unreadable(token.text)

    def _inside(self, place: Place) -> None:
        """The inside of a bracket that is itself a subject."""
        depth, start = 1, self._at
        while depth:
            token = self._next()
            if self._at > len(self._tokens):
                raise Unreadable("end")
            if token.kind == "mark":
                depth += (token.text in "[(") - (token.text in "])")
        closing = self._tokens[self._at - 1]
        self._tokens[self._at - 1] = Token("mark", ".", closing.offset)
        after, self._at = self._at, start
        self._statements(place, members=place.members is not None)
        if self._at != after:
            raise Unreadable("bracket")

    def _predicate(self, token: Token) -> str:
        if token.kind == "iri":
            return self._iri(token.text)
        if token.text == "a":
            return RDF_TYPE
        return self._word(token.text) or "?"

    def _word(self, text: str) -> str | None:
        """The IRI or label of a prefixed name; None for numbers and truth values."""
        if text.startswith("_:"):
            return text
        prefix, colon, local = text.partition(":")
        if not colon:
            return None
        return self._prefixes.get(prefix, "") + _unescaped(local)

    def _iri(self, text: str) -> str:
        iri = _unescaped(text[1:-1])
        return iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else urljoin(self._base, iri)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: m[3] or chr(int(m[1] or m[2], 16)), text)
