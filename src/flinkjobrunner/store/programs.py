"""Compiled programs by their digest, and where in whose input their shapes stand."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from flinkjobrunner.store.metadata import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

programs = Table(
    "programs",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("compressed", LargeBinary, nullable=False),
    Column("format_version", Integer, nullable=False),
    Column("summary", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # Null until `semantics` has written what the program holds as rows.
    Column("numbers", Text),
    Column("knowledge", BigInteger, ForeignKey("knowledge.knowledge_id")),
)

# The same program can come of other texts, in which the shapes stand elsewhere.
program_sources = Table(
    "program_sources",
    metadata,
    Column("digest", Text, ForeignKey("programs.digest", ondelete="CASCADE"), primary_key=True),
    Column("inputs_hash", Text, primary_key=True),
    Column("sources", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


@dataclass(frozen=True, kw_only=True)
class NewProgram:
    """What the compiler made; `sources` tells of each shape's label where it stands."""

    digest: str
    compressed: bytes
    format_version: int
    summary: dict[str, Any]
    inputs_hash: str
    sources: dict[str, Any]


def add(connection: Connection, program: NewProgram) -> None:
    """Content-addressed: what is there already is the same."""
    connection.execute(
        upsert(programs)
        .values(
            digest=program.digest,
            compressed=program.compressed,
            format_version=program.format_version,
            summary=program.summary,
        )
        .on_conflict_do_nothing()
    )
    connection.execute(
        upsert(program_sources)
        .values(digest=program.digest, inputs_hash=program.inputs_hash, sources=program.sources)
        .on_conflict_do_nothing()
    )


def content(connection: Connection, digest: str) -> bytes | None:
    """The program's bytes as the digest names them."""
    compressed = connection.scalar(select(programs.c.compressed).where(programs.c.digest == digest))
    return gzip.decompress(compressed) if compressed is not None else None


def exists(connection: Connection, digest: str) -> bool:
    return (
        connection.scalar(select(programs.c.digest).where(programs.c.digest == digest)) is not None
    )


def stored(connection: Connection, digest: str) -> NewProgram | None:
    """A program as it was added, with the positions of the newest text that it came of."""
    query = (
        select(programs, program_sources.c.inputs_hash, program_sources.c.sources)
        .join(program_sources, program_sources.c.digest == programs.c.digest)
        .where(programs.c.digest == digest)
        .order_by(program_sources.c.created_at.desc(), program_sources.c.inputs_hash)
        .limit(1)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return NewProgram(**{name: row[name] for name in NewProgram.__dataclass_fields__})
