"""What programs hold, as rows: shapes, constraints, and knowledge with its closure.

Nothing of the service reads them; the views of the schema `shacl` do, for people who ask with SQL.
They are written along with the program, before anything is locked that other jobs wait for.
Knowledge is kept once for all programs that share it: shapes are edited more often.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from flinkjobrunner.store.metadata import metadata
from flinkjobrunner.store.programs import programs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

_SUB_CLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
# More than the engine allows: the largest knowledge there can be takes so long.
_SECONDS = 300

knowledge = Table(
    "knowledge",
    metadata,
    Column("knowledge_id", BigInteger, Identity(always=True), primary_key=True),
    Column("hash", Text, nullable=False),
    UniqueConstraint("hash"),
)

# Text has no limit here, and an index has: only the number that is the same for many is in one.
knowledge_triples = Table(
    "knowledge_triples",
    metadata,
    Column(
        "knowledge",
        BigInteger,
        ForeignKey("knowledge.knowledge_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("subject", Text, nullable=False),
    Column("predicate", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("datatype", Text),
    Column("language", Text),
    Column("inferred", Boolean, nullable=False),
    CheckConstraint("object_kind IN ('iri', 'blank', 'literal')", name="object_kind"),
    Index("knowledge_triples_knowledge_idx", "knowledge"),
)

program_shapes = Table(
    "program_shapes",
    metadata,
    Column("digest", Text, ForeignKey("programs.digest", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("iri", Text),
    Column("path", Text),
    Column("target_classes", ARRAY(Text), nullable=False),
    Column("severity", Text, nullable=False),
    Column("messages", JSONB, nullable=False),
    Column("property_shapes", ARRAY(Text), nullable=False),
)

program_constraints = Table(
    "program_constraints",
    metadata,
    Column("digest", Text, ForeignKey("programs.digest", ondelete="CASCADE"), primary_key=True),
    Column("shape", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("component", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
)


def write(connection: Connection, digest: str, content: bytes) -> None:
    """Once per program; what is there already is the same."""
    query = select(programs.c.knowledge).where(programs.c.digest == digest).with_for_update()
    if connection.execute(query).scalar_one() is not None:
        return
    program = json.loads(content)
    if rb"\u0000" in content:
        program = _storable(program)
    connection.execute(text(f"SET LOCAL statement_timeout = '{_SECONDS}s'"))
    known = _knowledge(connection, program["knowledge"])
    _copy(connection, program_shapes, _shape_rows(digest, program["shapes"]))
    _copy(connection, program_constraints, _constraint_rows(digest, program["shapes"]))
    connection.execute(
        update(programs)
        .where(programs.c.digest == digest)
        .values(knowledge=known, numbers=program["numbers"])
    )


def fill(connection: Connection) -> None:
    """The rows of programs that were deployed before there were any."""
    digests = connection.scalars(select(programs.c.digest).where(programs.c.knowledge.is_(None)))
    for digest in digests.all():
        query = select(programs.c.compressed).where(programs.c.digest == digest)
        write(connection, digest, gzip.decompress(connection.execute(query).scalar_one()))


def _storable(value: Any) -> Any:
    """PostgreSQL has no U+0000; JSON has."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_storable(member) for member in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(member) for name, member in value.items()}
    return value


def _knowledge(connection: Connection, known: Mapping[str, Any]) -> int:
    canonical = json.dumps(known, sort_keys=True, separators=(",", ":"))
    name = hashlib.sha256(canonical.encode()).hexdigest()
    added = connection.scalar(
        upsert(knowledge)
        .values(hash=name)
        .on_conflict_do_nothing()
        .returning(knowledge.c.knowledge_id)
    )
    if added is None:
        query = select(knowledge.c.knowledge_id).where(knowledge.c.hash == name)
        return int(connection.execute(query).scalar_one())
    _copy(connection, knowledge_triples, _triple_rows(added, known))
    return int(added)


def _triple_rows(knowledge_id: int, known: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    given: set[tuple[str, str]] = set()
    for subject, predicate, value in known["triples"]:
        if predicate == _SUB_CLASS_OF and "@id" in value:
            given.add((subject, value["@id"]))
        kind, lexical = _object(value)
        yield (
            *(knowledge_id, subject, predicate, lexical, kind),
            *(value.get("@type"), value.get("@language"), False),
        )
    for subject, above in known["superClasses"].items():
        for value in above:
            if value != subject and (subject, value) not in given:
                kind = _kind(value)
                yield (knowledge_id, subject, _SUB_CLASS_OF, value, kind, None, None, True)


def _object(value: Mapping[str, str]) -> tuple[str, str]:
    if "@id" in value:
        return _kind(value["@id"]), value["@id"]
    return "literal", value["@value"]


def _kind(name: str) -> Literal["iri", "blank"]:
    return "blank" if name.startswith("_:") else "iri"


def _shape_rows(digest: str, shapes: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for position, (label, shape) in enumerate(sorted(shapes.items())):
        path = shape.get("path")
        yield (
            *(digest, position, label, shape.get("iri")),
            # Only the simplest path is a predicate; another one is told as the program has it.
            None if path is None else path.get("predicate") or json.dumps(path),
            [target["class"] for target in shape.get("targets", ()) if "class" in target],
            shape["severity"],
            json.dumps(shape["messages"]),
            shape["property"],
        )


def _constraint_rows(digest: str, shapes: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for number, (_, shape) in enumerate(sorted(shapes.items())):
        for position, constraint in enumerate(shape["constraints"]):
            parameters = {name: value for name, value in constraint.items() if name != "component"}
            yield digest, number, position, constraint["component"], json.dumps(parameters)


def _copy(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Many times as fast as INSERT, in the same transaction."""
    columns = ", ".join(column.name for column in table.columns)
    driver = connection.connection.driver_connection
    assert driver is not None, "a connection in a transaction is connected"
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
