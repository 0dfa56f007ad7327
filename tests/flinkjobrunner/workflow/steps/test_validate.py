"""The step `validate` with the real compiler and the real evaluator; nothing else is running."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner import batch
from flinkjobrunner.workflow.compilation import ShapesRefusedError
from flinkjobrunner.workflow.steps import validate
from flinkjobrunner.workflow.steps.base import StepError
from support.plant import PREFIXES, shapes

if TYPE_CHECKING:
    from support.files import Files
    from support.work import Job

SECRET = "SECRETsignature0123"
QUERY = f"?X-Amz-Signature={SECRET}"
CUTTER = """
ex:c1 a ex:Cutter ; ex:speed [ ngsi-ld:hasValue %s ] .
"""


def serve(files: Files, name: str, text: str, media_type: str = "text/turtle") -> str:
    return files.add(f"/plant/{name}", text, Content_Type=media_type) + QUERY


def run(job: Job, **urls: str) -> dict[str, Any]:
    result = validate.run(job.work(**urls))
    assert SECRET not in job.log + json.dumps(result)
    return result


def failed(job: Job, **urls: str) -> StepError:
    with pytest.raises(StepError) as caught:
        validate.run(job.work(**urls))
    assert SECRET not in f"{job.log} {caught.value} {caught.value.hint}"
    assert str(job.folder) not in f"{job.log} {caught.value}"
    return caught.value


def test_shapes_alone(job: Job, files: Files) -> None:
    result = run(job, shacl=serve(files, "shapes.ttl", shapes("speed")))
    assert set(result) == {"program", "diagnostics"}
    assert result["diagnostics"] == []
    assert job.lines[-1] == f"program {result['program']}"
    assert job.lines[-2].startswith("The shapes are fine: 1 shape with targets")


def test_a_sample_that_conforms(job: Job, files: Files) -> None:
    result = run(
        job,
        shacl=serve(files, "shapes.ttl", shapes("speed")),
        data=serve(files, "data.ttl", PREFIXES + CUTTER % 80),
    )
    assert result["report"] == {"conforms": True, "results": 0}
    assert job.lines[-1] == "The data conforms."


def test_a_sample_that_does_not_is_no_failure(job: Job, files: Files) -> None:
    result = run(
        job,
        shacl=serve(files, "shapes.ttl", shapes("speed", "heat")),
        data=serve(files, "data.ttl", PREFIXES + CUTTER % 81),
    )
    assert result["report"] == {"conforms": False, "results": 2}
    assert "2 results at " in job.log
    assert "MaxInclusive of " in job.log
    assert "(shapes.ttl:" in job.log


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("data", "text/turtle; charset=utf-8", PREFIXES + CUTTER % 81),
        ("data.TTL", "application/octet-stream", PREFIXES + CUTTER % 81),
        ("data.ttl", "binary/octet-stream", PREFIXES + CUTTER % 81),
        (
            "data.bin",
            "application/ld+json",
            json.dumps(
                {
                    "@id": "https://example.org/c1",
                    "@type": "https://example.org/Cutter",
                    "https://example.org/speed": {"https://uri.etsi.org/ngsi-ld/hasValue": 81},
                }
            ),
        ),
        (
            "recording",
            "application/x-ndjson",
            json.dumps(
                {
                    "id": "urn:c1",
                    "type": "https://example.org/Cutter",
                    "https://example.org/speed": {"type": "Property", "value": 81},
                }
            ),
        ),
    ],
)
def test_the_syntax_of_the_sample_comes_from_type_or_name(
    job: Job, files: Files, name: str, media_type: str, content: str
) -> None:
    result = run(
        job,
        shacl=serve(files, "shapes.ttl", shapes("speed")),
        data=serve(files, name, content, media_type),
    )
    assert result["report"] == {"conforms": False, "results": 1}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.ttl", "ex:c1 a ."),
        ("data.jsonld", "{"),
        ("data.ndjson", '{"id": 1}\n'),
        ("data.xyz", "whatever"),
        ("data." + "x" * 300, "whatever"),
        ("", "whatever"),
    ],
)
def test_data_that_cannot_be_read(job: Job, files: Files, name: str, content: str) -> None:
    error = failed(
        job,
        shacl=serve(files, "shapes.ttl", shapes("speed")),
        data=serve(files, name, content, "application/octet-stream"),
    )
    assert error.code == "data-refused"
    assert error.message
    assert f"{name}:1" in job.log or f"{name}: " in job.log


def test_shapes_that_are_refused(job: Job, files: Files) -> None:
    error = failed(
        job,
        shacl=serve(files, "shapes.ttl", PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ."),
        data=serve(files, "data.ttl", PREFIXES),
    )
    assert isinstance(error, ShapesRefusedError)
    assert job.lines[-1].startswith("shapes.ttl:6:")


def test_what_only_the_stream_cannot_do_matters_without_data_only(job: Job, files: Files) -> None:
    text = PREFIXES + (
        "ex:S a sh:NodeShape ; sh:targetClass ex:Cutter ; sh:property [ sh:path ex:in ;"
        " sh:property [ sh:path ngsi-ld:hasObject ; sh:class ex:Plant ] ] ."
    )
    url = serve(files, "shapes.ttl", text)
    assert isinstance(failed(job, shacl=url), ShapesRefusedError)
    data = PREFIXES + "ex:c a ex:Cutter ; ex:in [ ngsi-ld:hasObject ex:p ] ."
    result = run(job, shacl=url, data=serve(files, "data.ttl", data))
    assert result["report"]["results"] == 1
    assert [one["severity"] for one in result["diagnostics"]] == ["warning"]


def test_the_log_shows_the_beginning_of_a_long_report(
    job: Job, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validate, "_MOST_LINES", 10)
    cutters = "".join(f"ex:c{number} a ex:Cutter .\n" for number in range(100))
    result = run(
        job,
        shacl=serve(files, "shapes.ttl", shapes("speed")),
        data=serve(files, "data.ttl", PREFIXES + cutters),
    )
    assert result["report"]["results"] == 100
    assert job.lines[-1].endswith(" lines more; `flinkjobrunner validate` shows all of them.")
    assert len(job.lines) < 20


def test_an_evaluator_that_cannot_run_is_said(
    job: Job, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: Any, **__: Any) -> None:
        raise batch.BatchError("no Java")

    monkeypatch.setattr(batch, "validate", cannot)
    error = failed(
        job,
        shacl=serve(files, "shapes.ttl", shapes("speed")),
        data=serve(files, "data.ttl", PREFIXES),
    )
    assert (error.code, error.message) == ("validation-not-run", "no Java")
