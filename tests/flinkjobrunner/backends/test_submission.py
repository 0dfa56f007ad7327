"""A deployment's Flink job is there once, whoever asks for it and however often."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.backends import submission
from flinkjobrunner.backends.base import Action, FlinkRefusedError
from flinkjobrunner.backends.local import restore
from flinkjobrunner.backends.local.layout import Layout
from flinkjobrunner.backends.local.ports import Address
from flinkjobrunner.backends.session import SessionBackend
from flinkjobrunner.store import begin, deployments, programs, read
from flinkjobrunner.store.deployments import Desired
from support.flink import FakeFlink, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from flinkjobrunner.store.deployments import Deployment
    from support.flink import Job

DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def flink() -> Iterator[FakeFlink]:
    with FakeFlink.start() as fake:
        yield fake


@pytest.fixture
def settings(settings: Settings, flink: FakeFlink, tmp_path: Path) -> Settings:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    (runtime / "validator.jar").write_bytes(b"a jar")
    return settings.model_copy(update={"flink_url": flink.url, "runtime": runtime})


def add(settings: Settings, name: str, desired: Desired = Desired.RUNNING) -> None:
    with begin(settings.database()) as connection:
        programs.add(
            connection,
            programs.NewProgram(
                digest=DIGEST,
                compressed=b"",
                format_version=1,
                summary={"shapes": 1},
                inputs_hash="1",
                sources={},
            ),
        )
        connection.execute(
            deployments.deployments.insert().values(
                name=name, desired=desired.value, epoch=1, digest=DIGEST, parallelism=2
            )
        )


def known(settings: Settings, name: str = "plant") -> Deployment:
    with read(settings.database()) as connection:
        found = deployments.find(connection, name)
    assert found is not None
    return found


def ensure(settings: Settings, name: str = "plant") -> submission.Submission:
    what = submission.wanted(settings, deployment=name, parallelism=2)
    with closing(SessionBackend(settings.flink_url)) as backend:
        return submission.ensure(settings.database(), backend, what)


def checkpoint(settings: Settings, job: str, name: str = "chk-1") -> str:
    folder = settings.work_root.resolve() / "data" / "flink" / "checkpoints" / job / name
    folder.mkdir(parents=True)
    (folder / "_metadata").touch()
    return f"file://{folder}"


def test_a_living_job_is_kept(settings: Settings, flink: FakeFlink) -> None:
    add(settings, "plant")
    first, second = ensure(settings), ensure(settings)
    assert (first.started, second.started) == (True, False)
    assert first.flink_job_id == second.flink_job_id == known(settings).flink_job_id
    assert len(flink.jobs) == 1


def test_two_at_the_same_time_submit_one(settings: Settings, flink: FakeFlink) -> None:
    add(settings, "plant")
    made: list[submission.Submission] = []
    threads = [threading.Thread(target=lambda: made.append(ensure(settings))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 4
    assert sum(one.started for one in made) == 1
    assert len({one.flink_job_id for one in made}) == 1
    assert len(flink.jobs) == 1


def test_an_ended_job_is_submitted_again_from_its_newest_state(
    settings: Settings, flink: FakeFlink
) -> None:
    add(settings, "plant")
    ensure(settings)
    flink.job("plant").fail()
    flink.job("plant").checkpoints = {
        "completed": {"id": 3, "external_path": "file:/c/chk-3", "discarded": False}
    }
    again = ensure(settings)
    assert (again.started, again.restored_from) == (True, "file:/c/chk-3")
    assert flink.job("plant").restored_from == "file:/c/chk-3"
    # That one died before its first checkpoint: the state it began with is still the newest.
    flink.job("plant").fail()
    assert ensure(settings).restored_from == "file:/c/chk-3"


def test_a_refusal_leaves_a_trace_and_no_job(settings: Settings, flink: FakeFlink) -> None:
    def refuse(job: Job) -> None:
        del flink.jobs[job.jid]
        raise Refused(400, "there are no slots")

    add(settings, "plant")
    flink.on_run = refuse
    with pytest.raises(FlinkRefusedError, match="there are no slots"):
        ensure(settings)
    assert flink.jobs == {}
    assert known(settings).flink_job_id is not None


def test_without_its_jar_nothing_is_submitted(settings: Settings, flink: FakeFlink) -> None:
    add(settings, "plant")
    (settings.runtime / "validator.jar").unlink()
    with pytest.raises(FlinkRefusedError, match=r"validator\.jar"):
        ensure(settings)
    assert flink.jobs == {}


class TestUpgrade:
    def changed(self, settings: Settings, **update: Any) -> list[str]:
        """What an upgrade to these settings says."""
        lines: list[str] = []
        wanted = settings.model_copy(update={"parallelism": 2} | update)
        what = submission.wanted(wanted, deployment="plant", parallelism=wanted.parallelism)
        with closing(SessionBackend(settings.flink_url)) as backend:
            action = submission.action(backend, known(settings), what)
            submitted = submission.ensure(
                settings.database(), backend, what, upgrade=True, say=lines.append
            )
        assert submitted.started is (action is Action.UPGRADE)
        return lines

    @pytest.fixture(autouse=True)
    def deployed(self, settings: Settings, flink: FakeFlink, tmp_path: Path) -> None:
        flink.savepoints = tmp_path / "savepoints"
        flink.savepoints.mkdir()
        add(settings, "plant")
        ensure(settings)

    def test_what_is_as_wanted_stays(self, settings: Settings, flink: FakeFlink) -> None:
        assert self.changed(settings) == []
        assert len(flink.jobs) == 1

    def test_another_parallelism(self, settings: Settings, flink: FakeFlink) -> None:
        first = flink.job("plant")
        assert self.changed(settings, parallelism=3) == [
            "Flink job shacl-plant is upgraded: parallelism 2 -> 3"
        ]
        second = flink.job("plant")
        assert (first.state, second.state) == ("FINISHED", "RUNNING")
        assert second.restored_from == known(settings).restore_from
        assert (second.restored_from or "").startswith(f"file:{flink.savepoints}/savepoint-")
        assert second.arguments[-2:] == ["--parallelism", "3"]
        assert known(settings).parallelism == 3
        assert self.changed(settings, parallelism=3) == []

    def test_another_jar(self, settings: Settings, flink: FakeFlink, tmp_path: Path) -> None:
        newer = tmp_path / "newer"
        newer.mkdir()
        (newer / "validator.jar").write_bytes(b"a newer jar")
        (line,) = self.changed(settings, runtime=newer)
        assert line.startswith("Flink job shacl-plant is upgraded: jar ")
        assert len(flink.jars) == 2
        assert not flink.job("plant").lenient

    def test_state_is_given_up_only_with_its_source(
        self, settings: Settings, flink: FakeFlink
    ) -> None:
        assert self.changed(settings, sources=("ngsi-ld",)) == [
            "Flink job shacl-plant is upgraded: sources iff,ngsi-ld -> ngsi-ld"
        ]
        assert flink.job("plant").lenient
        self.changed(settings, sources=("ngsi-ld", "iff"))
        assert not flink.job("plant").lenient

    def test_one_that_is_still_starting_is_waited_for(
        self, settings: Settings, flink: FakeFlink
    ) -> None:
        flink.savepoint_too_early = 2
        assert len(self.changed(settings, parallelism=1)) == 1
        assert "savepoint-" in (flink.job("plant").restored_from or "")

    def test_one_that_cannot_take_a_savepoint_goes_on_from_its_checkpoint(
        self, settings: Settings, flink: FakeFlink
    ) -> None:
        flink.savepoint_fails = True
        flink.job("plant").checkpoints = {
            "completed": {"id": 3, "external_path": "file:/c/chk-3", "discarded": False}
        }
        lines = self.changed(settings, parallelism=1)
        assert "the newest checkpoint counts instead" in lines[1]
        assert flink.job("plant").restored_from == "file:/c/chk-3"

    def test_a_job_that_somebody_else_submitted_is_left_alone(self, settings: Settings) -> None:
        with begin(settings.database()) as connection:
            connection.exec_driver_sql("UPDATE deployments SET submitted = NULL")
        assert self.changed(settings, parallelism=3) == []

    def test_only_a_deploy_upgrades(self, settings: Settings) -> None:
        what = submission.wanted(settings, deployment="plant", parallelism=5)
        with closing(SessionBackend(settings.flink_url)) as backend:
            assert not submission.ensure(settings.database(), backend, what).started

    def test_a_crash_after_the_stop_goes_on_from_the_savepoint(
        self, settings: Settings, flink: FakeFlink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(deployments, "stopped", crash)
            with pytest.raises(KeyboardInterrupt):
                self.changed(settings, parallelism=3)
        first = flink.job("plant")
        assert first.state == "FINISHED"
        # As Flink tells of a job that was stopped so.
        place = {"id": 9, "external_path": "file:/s/savepoint-9", "discarded": False}
        first.checkpoints = {"savepoint": place}
        ensure(settings)
        assert flink.job("plant").restored_from == "file:/s/savepoint-9"


def layout(settings: Settings) -> Layout:
    made = Layout(work_root=settings.work_root, runtime=settings.runtime)
    made.create()
    return made


def said(settings: Settings) -> str:
    return layout(settings).log("restore").read_text()


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "answers", lambda _: True)
    monkeypatch.setattr(Address, "accepts", lambda _: True)


def test_after_a_start_every_wanted_job_is_there_again(
    settings: Settings, flink: FakeFlink, kafka: None
) -> None:
    for name in ("one", "two"):
        add(settings, name)
        ensure(settings, name)
    add(settings, "off", Desired.UNDEPLOYED)
    place = checkpoint(settings, known(settings, "one").flink_job_id or "", "chk-12")
    flink.jobs.clear()
    restore.restore_deployments(settings.environment(), layout(settings))
    assert {job.name for job in flink.jobs.values()} == {"shacl-one", "shacl-two"}
    assert flink.job("one").restored_from == place
    assert flink.job("two").restored_from is None
    assert f"shacl-one is submitted from {place}" in said(settings)
    assert "shacl-two is submitted from what the topics hold" in said(settings)
    # The TaskManager is not there yet, so it did not wait for them to run; once more is harmless.
    restore.restore_deployments(settings.environment(), layout(settings))
    assert len(flink.jobs) == 2


def test_one_that_cannot_be_restored_does_not_keep_the_others(
    settings: Settings, flink: FakeFlink, kafka: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bad", "good"):
        add(settings, name)
    original = submission.ensure

    def refuse(url: str, backend: SessionBackend, what: submission.Wanted) -> object:
        if what.deployment == "bad":
            raise FlinkRefusedError("it does not want to")
        return original(url, backend, what)

    monkeypatch.setattr(submission, "ensure", refuse)
    restore.restore_deployments(settings.environment(), layout(settings))
    assert [job.name for job in flink.jobs.values()] == ["shacl-good"]
    assert "shacl-bad is not restored: it does not want to" in said(settings)


def test_a_fresh_database_is_not_waited_for(
    settings: Settings, empty_database_url: str, flink: FakeFlink
) -> None:
    fresh = settings.model_copy(update={"database_url": empty_database_url})
    began = time.monotonic()
    restore.restore_deployments(fresh.environment(), layout(settings))
    assert time.monotonic() - began < 5
    assert flink.calls == []


def test_a_database_that_never_comes_ends_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "_WAIT_SECONDS", 0.3)
    away = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"})
    restore.restore_deployments(away.environment(), layout(settings))
    assert "nothing is restored" in said(settings)
