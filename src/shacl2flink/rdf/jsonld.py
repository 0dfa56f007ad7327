"""JSON-LD without the network: named contexts are replaced by what was given for them.

The RDF parser reads JSON-LD but has no contexts; nothing is ever fetched. So every
context that a document names is written into it, before it is parsed.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from shacl2flink.diagnostics import Diagnostic, Refused, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTION = "https://www.w3.org/TR/json-ld11/#the-context"


def with_contexts(name: str, content: bytes, contexts: Mapping[str, object]) -> bytes:
    """The document with named contexts replaced; `contexts` holds the values of `@context`."""
    document = read_json(name, content)
    try:
        return json.dumps(_replace(document, name, contexts)).encode()
    except RecursionError:
        raise _too_deep(name) from None


def read_json(name: str, content: bytes) -> Any:
    try:
        return json.loads(content, parse_float=_number, parse_constant=_constant)
    except json.JSONDecodeError as error:
        source = Source(file=name, line=error.lineno, column=error.colno)
        raise _not_json(error.msg, source) from None
    except ValueError as error:  # bad UTF-8, an integer of thousands of digits, NaN
        raise _not_json(str(error), Source(file=name)) from None
    except RecursionError:
        raise _too_deep(name) from None


def _replace(value: Any, name: str, contexts: Mapping[str, object]) -> Any:
    if isinstance(value, list):
        return [_replace(item, name, contexts) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _context(item, name, contexts) if key == "@context" else _replace(item, name, contexts)
        for key, item in value.items()
    }


def _context(value: Any, name: str, contexts: Mapping[str, object]) -> Any:
    if isinstance(value, list):
        flat: list[Any] = []
        for item in value:
            resolved = _context(item, name, contexts)
            flat.extend(resolved if isinstance(resolved, list) else [resolved])
        return flat
    if isinstance(value, str):
        if value not in contexts:
            raise unknown_context(value, Source(file=name))
        return contexts[value]
    return _replace(value, name, contexts)


def unknown_context(iri: str, source: Source) -> Refused:
    return Refused(
        Diagnostic(
            code="unknown-context",
            term=iri,
            source=source,
            message=f"{source.file} uses the context <{iri}>, which was not given;"
            " contexts are never fetched",
            hint=f"give it with --context {iri}=FILE (a job: options.contexts)",
            section=_SECTION,
        )
    )


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:40]} is too large for a double")
    return number


def _constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def _not_json(message: str, source: Source) -> Refused:
    return Refused(
        Diagnostic(
            code="syntax-error",
            source=source,
            message=f"not JSON: {message}",
            hint="mend the text at this place",
            section="https://www.rfc-editor.org/rfc/rfc8259",
        )
    )


def _too_deep(name: str) -> Refused:
    return Refused(
        Diagnostic(
            code="limit-nesting",
            source=Source(file=name),
            message=f"{name} nests objects and arrays too deeply",
            hint="give the inner nodes an @id and write them beside each other",
        )
    )
