"""Where the JVM programs log to: one file each, which starts anew when it is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.backends.local.layout import Layout

_CONFIGURATION = """\
rootLogger.level = INFO
rootLogger.appenderRef.file.ref = file
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = ${sys:flinkjobrunner.log}
appender.file.filePattern = ${sys:flinkjobrunner.log}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 20MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
logger.clients.name = org.apache.kafka.clients
logger.clients.level = WARN
"""


def write_configuration(layout: Layout) -> None:
    _file(layout).write_text(_CONFIGURATION, encoding="utf-8")


def options(layout: Layout, name: str) -> tuple[str, ...]:
    """JVM options; they differ from run to run, so they are no part of a class archive's key."""
    return (
        f"-Dflinkjobrunner.log={layout.log(name)}",
        f"-Dlog4j2.configurationFile={_file(layout).as_uri()}",
    )


def _file(layout: Layout) -> Path:
    return layout.data / "log4j2.properties"
