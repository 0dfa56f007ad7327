"""Reading log lines; writing them is their owner's, in `store.claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from flinkjobrunner.store.tables import log_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def after(connection: Connection, job_id: str, line: int, limit: int) -> Sequence[tuple[int, str]]:
    """The lines behind this number, in order."""
    query = (
        select(log_lines.c.line, log_lines.c.text)
        .where(log_lines.c.job_id == job_id, log_lines.c.line > line)
        .order_by(log_lines.c.line)
        .limit(limit)
    )
    return [(number, text) for number, text in connection.execute(query)]


def last(connection: Connection, job_id: str, count: int) -> Sequence[str]:
    """The end of the log."""
    query = (
        select(log_lines.c.text)
        .where(log_lines.c.job_id == job_id)
        .order_by(log_lines.c.line.desc())
        .limit(count)
    )
    return connection.scalars(query).all()[::-1]
