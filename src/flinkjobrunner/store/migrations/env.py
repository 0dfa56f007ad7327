"""Alembic's entry point; `store.migrate` hands it the connection and the transaction."""

from __future__ import annotations

from alembic import context

# Without the code's tables: their naming convention would be applied to names that are whole.
context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
