"""What a shell, make or a program's options would act upon, in every field that lets it in: a real
worker runs the job by the Makefile that users have, and nothing of it is acted upon."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from flinkjobrunner.config import checkout_root
from flinkjobrunner.jobs import JobRequest, JobStatus, Queue
from flinkjobrunner.workflow.engine import Worker
from support.service import until

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.config import Settings


def commands(marker: Path) -> list[str]:
    """Each would leave the file `marker` if anything acted upon it."""
    touch = f"touch${{IFS}}{marker}"
    plain = f"touch {marker}"
    return [
        f"$({touch})", f"`{touch}`", f";{touch};", f"|{touch}", f"&&{touch}", f"$(shell {plain})",
        f"$$({touch})", f"'$({touch})'", f'"$({touch})"', f"\n\t{plain}", f"\r\n{plain}\r\n",
        f"x\n.SHELLFLAGS=-c\nx:;{plain}", f"--eval=$(shell {plain})", f"-f{marker}", f"-C{marker}",
        f"SHELL={marker}", f"MAKEFLAGS=--eval=x:;{plain}", f"JOB_DIR={marker}", f"$(info {touch})",
        f"${{{touch}}}", f"%0a{plain}", f"{{{{{plain}}}}}", f"<({plain})", f">{marker}",
        f"../../../{marker}", f"{marker}", "$HOME", "${PATH}", "*", "~", "#", "\\", "'", '"', "!!",
    ]  # fmt: skip


def accepted(body: dict[str, Any]) -> bool:
    try:
        JobRequest.model_validate(body)
    except ValidationError:
        return False
    return True


def test_names_let_none_of_it_in(tmp_path: Path) -> None:
    for text in commands(tmp_path / "marker"):
        for field in ("jobId", "deployment"):
            assert not accepted({"target": "setup", field: text}), (field, text)
        assert not accepted({"target": "setup", "options": {"planDigest": text}})
        assert not accepted({"target": "setup", "options": {"numbers": text}})
        assert not accepted({"target": "setup", "options": {"onUnsupported": text}})
        assert not accepted({"target": "setup", "urls": {"shacl": text}}), text
        assert not accepted({"target": "setup", "urls": {"shacl": f"input:{text}"}}), text


@pytest.mark.parametrize("target", ["validate", "plan"])
def test_what_is_let_in_is_only_ever_a_value(
    settings: Settings, tmp_path: Path, target: str
) -> None:
    marker = tmp_path / "marker"
    texts = commands(marker)
    hosts = [f"https://127.0.0.1/{text}" for text in texts]
    urls = [url for url in hosts if accepted({"target": "setup", "urls": {"shacl": url}})]
    assert len(urls) > 10
    body = {
        "jobId": "hostile",
        "target": target,
        "urls": {"shacl": urls, "knowledge": urls, "data": urls[0]},
        "context": {"kubeContext": "".join(texts)[:253]},
        "options": {"contexts": dict(zip(texts, urls, strict=False))},
    }
    makefile = checkout_root() / "work" / "shacl2flink"
    queue = Queue(settings.database())
    queue.submit(JobRequest.model_validate(body))
    stop = threading.Event()
    own = settings.model_copy(update={"digitaltwin_root": makefile})
    worker = threading.Thread(target=Worker(own, watchers={}).run, args=(stop,))
    worker.start()
    try:
        until(lambda: queue.get("hostile").status.terminal, seconds=90)
    finally:
        stop.set()
        worker.join(30)
    job = queue.get("hostile")
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error["code"] == "url-not-allowed"
    assert not marker.exists()
