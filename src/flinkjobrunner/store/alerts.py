"""The tables of the alerts; `projection` writes them, `alert_queries` reads them.

`alerts` holds the current row of each alert, `alert_history` one row per applied
transition; `position` numbers the transitions in the order in which they became visible,
because the one projector that writes them holds a lock while it does. A reader that has
seen position n can therefore go on at n + 1 and miss nothing.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from flinkjobrunner.store.metadata import metadata

STATES = "'raised', 'updated', 'cleared'"

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("deployment", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("severity", Text, nullable=False),
    Column("source_shape", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("cleared_at", DateTime(timezone=True)),
    Column("stale_since", DateTime(timezone=True)),
    Column("position", BigInteger, nullable=False),
    Column("raised_position", BigInteger, nullable=False),
    CheckConstraint(f"state IN ({STATES})", name="state"),
    Index("alerts_standing_idx", "raised_position", postgresql_where=text("state <> 'cleared'")),
    Index("alerts_raised_position_idx", "raised_position"),
    Index("alerts_position_idx", "position"),
    Index("alerts_entity_idx", "entity"),
)

alert_history = Table(
    "alert_history",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("alert_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"type IN ({STATES})", name="type"),
    Index("alert_history_alert_id_position_idx", "alert_id", "position"),
)

projector_positions = Table(
    "projector_positions",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
    Column("topic_id", Text),
    Column("applied", BigInteger, nullable=False, server_default=text("0")),
    Column("repeated", BigInteger, nullable=False, server_default=text("0")),
    Column("rejected", BigInteger, nullable=False, server_default=text("0")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

alert_rejects = Table(
    "alert_rejects",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("record_offset", BigInteger, primary_key=True),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
