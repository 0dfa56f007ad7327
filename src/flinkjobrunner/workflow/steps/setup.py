"""`setup`: prepares the environment and proves it, one line for each thing; idempotent."""

from __future__ import annotations

import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

from flinkjobrunner import failpoints
from flinkjobrunner.backends import backend_of
from flinkjobrunner.backends.flink_rest import MAIN_CLASS, content_hash
from flinkjobrunner.backends.submission import JAR
from flinkjobrunner.config import Backend
from flinkjobrunner.store import begin, head, migrate, revision, server_version
from flinkjobrunner.store.reading import READER, let_read
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.workflow.steps.base import Work

_REPLICATION = {Backend.LOCAL: 1}
_REPLICATION_ELSEWHERE = 3


def run(work: Work) -> dict[str, Any]:
    work.say(_database(work.settings.database()))
    failpoints.reach("setup.migrated")
    work.say(_topics(work))
    work.say(_jar(work.settings.runtime / JAR))
    with closing(backend_of(work.settings)) as backend:
        work.say(f"Flink: {backend.describe()}")
    return {}


def _database(url: str) -> str:
    before = revision(url)
    migrate(url)
    schema = head()
    if before == schema:
        change = f"schema {schema}"
    else:
        change = f"schema {schema} made" if before is None else f"schema {before} -> {schema}"
    with begin(url) as connection:
        reader = f"{READER} may read its views" if let_read(connection) else f"no role {READER}"
    return f"database: PostgreSQL {server_version(url)}, {change}; {reader}"


def _topics(work: Work) -> str:
    from flinkjobrunner.kafka.topics import Topics, wanted

    topics = Topics(work.settings.kafka_bootstrap)
    brokers = topics.brokers()
    all_of_them = wanted(work.settings.sources)
    missing = topics.missing(all_of_them)
    topics.create(
        missing, replication=_REPLICATION.get(work.settings.backend, _REPLICATION_ELSEWHERE)
    )
    made = f", made: {', '.join(topic.name for topic in missing)}" if missing else ""
    where = f"{brokers} broker{'s' if brokers > 1 else ''} at {work.settings.kafka_bootstrap}"
    return f"Kafka: {where}; all {len(all_of_them)} topics are there{made}"


def _jar(path: Path) -> str:
    entry = MAIN_CLASS.replace(".", "/") + ".class"
    try:
        with zipfile.ZipFile(path) as jar:
            jar.getinfo(entry)
    except (OSError, zipfile.BadZipFile, KeyError):
        raise StepError(
            "jar-missing",
            f"{path.name} is not there, or is no jar with {MAIN_CLASS}",
            "`make build` makes it; RUNNER_RUNTIME says where it is looked for.",
        ) from None
    return f"job jar: {path.name}, sha256:{content_hash(path)[:16]}"
