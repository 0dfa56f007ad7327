"""The alerts: current rows, history, how far the projector is, and what it set aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _alerts()
    _alert_history()
    _projector_positions()
    _alert_rejects()


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("deployment", sa.Text, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("source_shape", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True)),
        sa.Column("stale_since", sa.DateTime(timezone=True)),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("raised_position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="alerts_pkey"),
        sa.CheckConstraint("state IN ('raised', 'updated', 'cleared')", name="alerts_state_check"),
    )
    op.create_index(
        "alerts_standing_idx",
        "alerts",
        ["raised_position"],
        postgresql_where=sa.text("state <> 'cleared'"),
    )
    op.create_index("alerts_raised_position_idx", "alerts", ["raised_position"])
    op.create_index("alerts_position_idx", "alerts", ["position"])
    op.create_index("alerts_entity_idx", "alerts", ["entity"])


def _alert_history() -> None:
    op.create_table(
        "alert_history",
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name="alert_history_pkey"),
        sa.CheckConstraint(
            "type IN ('raised', 'updated', 'cleared')", name="alert_history_type_check"
        ),
    )
    op.create_index(
        "alert_history_alert_id_position_idx", "alert_history", ["alert_id", "position"]
    )


def _projector_positions() -> None:
    op.create_table(
        "projector_positions",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.Column("topic_id", sa.Text),
        _count("applied"),
        _count("repeated"),
        _count("rejected"),
        _at("updated_at"),
        sa.PrimaryKeyConstraint("topic", "partition", name="projector_positions_pkey"),
    )


def _alert_rejects() -> None:
    op.create_table(
        "alert_rejects",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("record_offset", sa.BigInteger, nullable=False),
        sa.Column("key", sa.LargeBinary),
        sa.Column("value", sa.LargeBinary),
        sa.Column("reason", sa.Text, nullable=False),
        _at("at"),
        sa.PrimaryKeyConstraint("topic", "partition", "record_offset", name="alert_rejects_pkey"),
    )


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def downgrade() -> None:
    for table in ("alert_rejects", "projector_positions", "alert_history", "alerts"):
        op.drop_table(table)
