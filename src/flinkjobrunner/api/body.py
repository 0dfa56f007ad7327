"""Reads JSON bodies strictly: whatever cannot be stored or means two things is refused with 400.

Python's decoder lets through duplicate keys, NaN, lone surrogates and NUL, of which PostgreSQL
takes none, and runs out of stack on deep nesting; each would become a 500 later. Bodies are taken
as they are: one that has to be decompressed first could become any size.
"""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Request, request
from werkzeug.exceptions import RequestEntityTooLarge

from flinkjobrunner.errors import Problem

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def refuse_compressed() -> None:
    """Before a view takes the compressed bytes for the content."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding != "identity":
        raise Problem(
            status=415,
            code="unsupported-media-type",
            title="The body is compressed",
            detail="Expected the content as it is, without Content-Encoding.",
            headers={"Accept-Encoding": "identity"},
        )


class StrictRequest(Request):
    def get_data(
        self,
        cache: bool = True,
        as_text: bool = False,  # noqa: ARG002 - the signature is werkzeug's
        parse_form_data: bool = False,
    ) -> Any:
        """The whole body or a refusal: werkzeug takes one that was cut off for a shorter one, and
        of one in chunks no more than the limit."""
        content = super().get_data(cache=cache, parse_form_data=parse_form_data)
        if self.content_length is not None and len(content) < self.content_length:
            raise Problem(
                status=400,
                code="body-incomplete",
                title="The body ended too early",
                detail=f"{len(content)} of {self.content_length} bytes arrived.",
            )
        limit = self.max_content_length
        if (
            self.content_length is None
            and limit is not None
            and len(content) >= limit
            and self.environ["wsgi.input"].read(1)
        ):
            raise RequestEntityTooLarge
        return content

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002
        """The body as JSON. Never silent: what is wrong with it is worth saying."""
        if not force and not self.is_json:
            raise Problem(
                status=415,
                code="unsupported-media-type",
                title="The body is not declared as JSON",
                detail="Expected the header Content-Type: application/json.",
            )
        return parse(self.get_data(cache=cache))


def parse(content: bytes) -> Any:
    """One JSON object, or a `Problem` that says where and why not."""
    try:
        value = json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant
        )
        _refuse_unstorable(value)
    except UnicodeDecodeError as error:
        raise _refused(f"Byte {error.start + 1} is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise _refused(f"Line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise _refused("The nesting is too deep.") from None
    except ValueError as error:
        raise _refused(str(error)) from None
    if not isinstance(value, dict):
        raise _refused("Expected one JSON object.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("An object has two members of the same name.")
    return members


def _refuse_unstorable(value: Any) -> None:
    """Every text, however deep; without recursion, since the nesting is the sender's choice."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            left.extend(item)
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
        elif isinstance(item, str) and _UNSTORABLE.search(item):
            raise ValueError("A text has a NUL character or half a surrogate pair.")


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number.")


def _refused(detail: str) -> Problem:
    return Problem(
        status=400, code="invalid-json", title="The body is not valid JSON", detail=detail
    )
