"""Alembic's entry point; `store.migrate` hands it the connection and the transaction."""

from __future__ import annotations

from alembic import context

from flinkjobrunner.store.metadata import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
