"""Making a program the active one: rows first, then records on Kafka; again as often as needed."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flinkjobrunner import failpoints
from flinkjobrunner.kafka import programs as topic
from flinkjobrunner.store import begin, deployments, programs, semantics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flinkjobrunner.store.deployments import Activation
    from flinkjobrunner.workflow.compilation import Compiled
    from flinkjobrunner.workflow.steps.base import Work


def publish(work: Work, compiled: Compiled, above: int) -> Activation:
    with timed(work) as told:
        compressed = topic.compress(compiled.program)
        with begin(work.settings.database()) as connection:
            programs.add(
                connection,
                programs.NewProgram(
                    digest=compiled.digest,
                    compressed=compressed,
                    format_version=json.loads(compiled.program)["formatVersion"],
                    summary=compiled.summary,
                    inputs_hash=compiled.inputs_hash,
                    sources=compiled.sources,
                ),
            )
            semantics.write(connection, compiled.digest, compiled.program)
            activation = deployments.activate(
                connection,
                name=work.deployment,
                digest=compiled.digest,
                job_id=work.job_id,
                attempt=work.attempt,
                above=above,
                parallelism=work.settings.parallelism,
            )
        failpoints.reach("flink-deploy.activated")
        topic.publish(
            work.settings.kafka_bootstrap,
            deployment=work.deployment,
            epoch=activation.epoch,
            digest=compiled.digest,
            compressed=compressed,
        )
        failpoints.reach("flink-deploy.published")
        again = "" if activation.new else " once more"
        told(
            f"program {compiled.digest[:19]}, {len(compressed):,} bytes,"
            f" published{again} as epoch {activation.epoch}"
        )
    return activation


@contextmanager
def timed(work: Work) -> Iterator[Callable[[str], None]]:
    """A line says how long that took which it reports."""
    began = time.monotonic()

    def told(line: str) -> None:
        work.say(f"{line} ({time.monotonic() - began:.2f} s)")

    yield told
