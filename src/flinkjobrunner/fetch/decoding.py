"""Takes the content encoding off a body, piece by piece, so that no small body becomes a large one
in memory; who reads the pieces counts them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from flinkjobrunner.fetch.errors import FetchError, damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# All that is asked for, and more than object stores do by themselves.
ACCEPTED = "gzip"
_PIECE = 256 * 1024
_GZIP = zlib.MAX_WBITS | 16


def decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """`encoding` is the value of Content-Encoding, empty when there is none."""
    match encoding.strip().lower():
        case "" | "identity":
            return iter(chunks)
        case "gzip" | "x-gzip":
            return _gunzipped(chunks)
    raise FetchError(
        "encoding-refused",
        "the server sends the file in an encoding that was not asked for",
        "Store the file as it is, or compressed once with gzip.",
    )


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A body that ends early must not pass for a shorter file, whose shapes would be missing."""
    member = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if member.eof:  # a file may be several, one after the other
                    member = zlib.decompressobj(_GZIP)
                yield member.decompress(rest, _PIECE)
                rest = member.unconsumed_tail or member.unused_data
        yield member.flush()
    except zlib.error:
        raise damaged() from None
    if not member.eof:
        raise damaged()
