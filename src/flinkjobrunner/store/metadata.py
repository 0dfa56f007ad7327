"""The one collection of tables; each part of the store adds its own to it."""

from __future__ import annotations

from sqlalchemy import MetaData

# Every constraint has a name that follows from its columns, so that migrations can refer to it.
metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)
