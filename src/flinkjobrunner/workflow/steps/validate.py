"""`validate`: are these shapes fine, and does the sample conform? Touches nothing."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flinkjobrunner.workflow import validation_text
from flinkjobrunner.workflow.compilation import Compiled, compile_inputs, name_of
from flinkjobrunner.workflow.inputs import obtain
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from flinkjobrunner.workflow.inputs import ObtainedInput
    from flinkjobrunner.workflow.steps.base import Work

# By the media types under which data may come; the evaluator goes by the ending of the name.
_SUFFIXES = {
    "text/turtle": ".ttl",
    "application/x-turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/ld+json": ".jsonld",
    "application/json": ".jsonld",
    "application/x-ndjson": ".ndjson",
    "application/ndjson": ".ndjson",
}
_KNOWN_SUFFIXES = frozenset((".ttl", ".nt", ".jsonld", ".json", ".ndjson"))
# The log is for reading; `flinkjobrunner validate` writes reports of any length.
_MOST_LINES = 2000


def run(work: Work) -> dict[str, Any]:
    inputs = obtain(work)
    data = [one for one in inputs if one.kind == "data"]
    # With data the whole graph is at hand; without, the question is whether these can be deployed.
    compiled = compile_inputs(work, inputs, stream=not data)
    result: dict[str, Any] = {
        "program": compiled.digest,
        "diagnostics": list(compiled.diagnostics),
    }
    if data:
        result["report"] = _validate(work, compiled, data[0])
    else:
        _say_all(work, validation_text.summary(compiled.summary, compiled.digest))
    return result


def _validate(work: Work, compiled: Compiled, data: ObtainedInput) -> dict[str, Any]:
    """A sample that does not conform is an answer, not a failure of the job."""
    from flinkjobrunner import batch

    try:
        report = batch.validate(compiled.program, [_named(data)])
    except batch.BatchError as error:
        raise StepError(
            "validation-not-run", str(error), "The evaluator runs beside this service, in Java."
        ) from None
    if report.refused:
        raise _data_refused(work, report.diagnostics, name_of(data.source))
    content = json.loads(report.output)

    def place(label: str) -> str | None:
        source = compiled.sources.get(label)
        return validation_text.place(source) if source else None

    _say_all(work, validation_text.results(content, place))
    return {"conforms": report.conforms, "results": len(content["results"])}


def _data_refused(work: Work, diagnostics: Iterable[dict[str, Any]], name: str) -> StepError:
    """The file's own name, rather than that of our copy of it, is what its author knows."""
    shown = [
        validation_text.of_data(
            diagnostic
            | {"file": name, "message": diagnostic["message"].replace(diagnostic["file"], name)}
        )
        for diagnostic in diagnostics
    ]
    _say_all(work, map(validation_text.line, shown))
    return StepError(
        "data-refused",
        shown[0]["message"],
        "The log has every diagnostic with its line and what to do.",
    )


def _say_all(work: Work, lines: Iterable[str]) -> None:
    left = iter(lines)
    for text in islice(left, _MOST_LINES):
        work.say(text)
    more = sum(1 for _ in left)
    if more:
        work.say(f"... and {more:,} lines more; `flinkjobrunner validate` shows all of them.")


def _named(data: ObtainedInput) -> Path:
    """The file under a name that tells what it is, as far as anybody knows."""
    declared = (data.media_type or "").split(";")[0].strip().lower()
    ending = PurePosixPath(urlsplit(data.source).path).suffix.lower()
    suffix = _SUFFIXES.get(declared) or (ending if ending in _KNOWN_SUFFIXES else "")
    return data.path.rename(data.path.with_suffix(suffix))
