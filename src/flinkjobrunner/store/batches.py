"""Rows as one JSON document: one statement for a batch of any size, prepared once.

A statement with all values of all rows in it is another one for each number of rows, and one
statement per row costs the database and us a message each.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select, Table

_PLACE = "place"


def rows_of(table: Table, names: Sequence[str]) -> Select[Any]:
    """These columns of the rows that `parameters` was given, in their order."""
    document = cast(bindparam("rows", type_=Text()), JSON)
    given = (
        func.json_to_recordset(document)
        .table_valued(
            *(column(name, table.c[name].type) for name in names), column(_PLACE, BigInteger())
        )
        .render_derived("given", with_types=True)
    )
    return select(*(given.c[name] for name in names)).order_by(given.c[_PLACE])


def parameters(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    placed = [{**row, _PLACE: place} for place, row in enumerate(rows)]
    return {"rows": json.dumps(placed, ensure_ascii=False, default=datetime.isoformat)}
