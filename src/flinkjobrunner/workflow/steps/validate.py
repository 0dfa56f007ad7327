"""`validate`: are these shapes fine, and does the sample conform? Touches nothing."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flinkjobrunner.workflow import validation_text
from flinkjobrunner.workflow.compilation import Compiled, compile_inputs, line
from flinkjobrunner.workflow.inputs import obtain
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.workflow.inputs import ObtainedInput
    from flinkjobrunner.workflow.steps.base import Work

# By the media types under which data may come; the evaluator goes by the ending of the name.
_SUFFIXES = {
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/trig": ".trig",
    "application/ld+json": ".jsonld",
    "application/json": ".jsonld",
    "application/x-ndjson": ".ndjson",
    "application/ndjson": ".ndjson",
}


def run(work: Work) -> dict[str, Any]:
    inputs = obtain(work)
    data = [one for one in inputs if one.kind == "data"]
    compiled = compile_inputs(work, inputs, stream=not data)
    result: dict[str, Any] = {
        "program": compiled.digest,
        "diagnostics": list(compiled.diagnostics),
    }
    if data:
        result["report"] = _validate(work, compiled, data[0])
    else:
        for text in validation_text.summary(compiled.summary, compiled.digest):
            work.say(text)
    return result


def _validate(work: Work, compiled: Compiled, data: ObtainedInput) -> dict[str, Any]:
    """A sample that does not conform is an answer, not a failure of the job."""
    from flinkjobrunner import batch

    try:
        report = batch.validate(compiled.program, [_named(data)])
    except batch.BatchError as error:
        raise StepError("validation-not-run", str(error)) from None
    if report.refused:
        for diagnostic in report.diagnostics:
            work.say(line(diagnostic | {"severity": "error"}))
        raise StepError(
            "data-refused",
            str(report.diagnostics[0]["message"]),
            "The log has every diagnostic.",
        )
    content = json.loads(report.output)
    for text in validation_text.results(content, lambda _label: None):
        work.say(text)
    return {"conforms": report.conforms, "results": len(content["results"])}


def _named(data: ObtainedInput) -> Path:
    declared = (data.media_type or "").split(";")[0].strip().lower()
    suffix = _SUFFIXES.get(declared) or PurePosixPath(urlsplit(data.source).path).suffix
    path = data.path.with_suffix(suffix) if suffix else data.path
    return data.path.rename(path)
