"""From the URLs of a job to files in its folder."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.fetch import InputStore, Limits
from flinkjobrunner.workflow.inputs import obtain
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from support.files import Files, Request
    from support.work import Job

SECRET = "SECRETsignature0123"
QUERY = f"?X-Amz-Signature={SECRET}"


def send(job: Job, content: bytes, media_type: str | None = "text/turtle") -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    store = InputStore(job.settings.work_root)
    store.put(sha256, [content], media_type, most_bytes=1 << 20)
    return sha256


def failure(job: Job, **urls: str | list[str]) -> StepError:
    with pytest.raises(StepError) as caught:
        obtain(job.work(**urls))
    error = caught.value
    text = f"{error} {error.message} {error.hint} {error.__cause__} {job.log}"
    assert SECRET not in text
    return error


def test_every_url_becomes_a_file(job: Job, files: Files) -> None:
    sent = send(job, b"sent before")
    urls = {
        name: files.add(f"/{name}", f"content of {name}", Content_Type=f"text/{name}") + QUERY
        for name in ("a.ttl", "k1.ttl", "k2.ttl", "d.jsonld", "c1", "c2")
    }
    contexts = {"https://example.org/2": urls["c2"], "https://example.org/1": urls["c1"]}
    work = job.work(
        shacl=[urls["a.ttl"], f"input:{sent}"],
        knowledge=[urls["k1.ttl"], urls["k2.ttl"]],
        data=urls["d.jsonld"],
        options={"contexts": contexts},
    )
    found = obtain(work)
    assert [(one.kind, one.source, one.iri) for one in found] == [
        ("shacl", f"{files.url}/a.ttl", None),
        ("shacl", f"input:{sent[:12]}", None),
        ("knowledge", f"{files.url}/k1.ttl", None),
        ("knowledge", f"{files.url}/k2.ttl", None),
        ("data", f"{files.url}/d.jsonld", None),
        ("context", f"{files.url}/c1", "https://example.org/1"),
        ("context", f"{files.url}/c2", "https://example.org/2"),
    ]
    for one in found:
        content = one.path.read_bytes()
        assert one.path.parent == work.job_dir / "inputs"
        assert one.sha256 == hashlib.sha256(content).hexdigest()
        assert one.size == len(content)
    assert found[0].path.read_text() == "content of a.ttl"
    assert (found[0].media_type, found[1].media_type) == ("text/a.ttl", "text/turtle")
    assert job.lines == [
        f"{one.kind}: {one.source}, {one.size:,} bytes, sha256 {one.sha256[:12]}" for one in found
    ]
    assert SECRET not in job.log + repr(found)


def test_a_later_attempt_begins_anew(job: Job, files: Files) -> None:
    url = files.add("/a.ttl", "first")
    work = job.work(shacl=url)
    obtain(work)
    (work.job_dir / "inputs" / "left-over").write_text("")
    files.add("/a.ttl", "second")
    (one,) = obtain(work)
    assert one.path.read_text() == "second"
    assert [path.name for path in (work.job_dir / "inputs").iterdir()] == ["00-shacl"]


def test_nothing_to_fetch(job: Job) -> None:
    assert obtain(job.work()) == []


def test_several_at_once_and_the_order_is_kept(job: Job, files: Files) -> None:
    together = threading.Barrier(4)

    def answer(request: Request) -> None:
        together.wait(10)
        request.answer(200, request.path.encode())

    urls = [files.raw(f"/{number}", answer) for number in range(8)]
    found = obtain(job.work(shacl=urls))
    assert [one.path.read_text() for one in found] == [f"/{number}" for number in range(8)]


@pytest.mark.parametrize(
    ("url", "code", "message"),
    [
        ("{files}/missing.ttl", "http-status", "{files}/missing.ttl: the server answered 404"),
        ("http://10.0.0.1/a.ttl", "url-not-allowed", "http://10.0.0.1/a.ttl: the URL leads to"),
        ("http://169.254.169.254/a", "url-not-allowed", "a machine's credentials"),
        ("http://127.0.0.1:1/a.ttl", "unreachable", "http://127.0.0.1:1/a.ttl: the server"),
        ("{files}/huge.ttl", "too-large", "{files}/huge.ttl: the file is larger than 64 MiB"),
        ("{files}/circle", "too-many-redirects", "{files}/circle: the URL redirects more than 3"),
    ],
)
def test_a_failure_names_the_url_without_its_query(
    job: Job, files: Files, url: str, code: str, message: str
) -> None:
    files.add("/huge.ttl", b"", Content_Length=str(Limits().most_bytes + 1))
    files.redirect("/circle", f"/circle?again={SECRET}")
    error = failure(job, shacl=url.format(files=files.url) + QUERY)
    assert error.code == code
    assert message.format(files=files.url) in error.message
    assert error.hint


def test_the_password_is_nowhere(job: Job, files: Files) -> None:
    url = files.add("/a.ttl", "x").replace("//", f"//user:{SECRET}@")
    (one,) = obtain(job.work(shacl=url))
    assert one.source == f"{files.url}/a.ttl"
    assert SECRET not in job.log + repr(one)
    failure(job, shacl=url.replace("a.ttl", "b.ttl"))


def test_one_failure_ends_what_was_not_begun(job: Job, files: Files) -> None:
    urls = [files.add(f"/{number}", "x") for number in range(60)]
    error = failure(job, shacl=f"{files.url}/missing", knowledge=urls)
    assert error.code == "http-status"
    assert len(files.seen) < 60
    assert job.lines == []


def test_an_input_that_was_never_sent(job: Job) -> None:
    error = failure(job, shacl=f"input:{'a' * 64}")
    assert error.code == "input-missing"
    assert "PUT /inputs/" in error.hint


def test_an_input_that_was_damaged_on_disk(job: Job, tmp_path: Path) -> None:
    sha256 = send(job, b"good")
    (job.settings.work_root / "inputs" / sha256).write_bytes(b"bad!")
    assert failure(job, shacl=f"input:{sha256}").code == "input-damaged"
