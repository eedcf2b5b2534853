"""Rows inside a row: a correlated sub-select as one JSON text column, so that a record with its lists is one round trip."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, cast, func, select

from storage.base import AnySelect


def json_rows(dialect: str, rows: AnySelect) -> ColumnElement[str]:
    """The rows of `rows` (limited, ordered, correlated) as a JSON array of arrays; '[]' for none."""
    if dialect == "sqlite":
        return select(func.json_group_array(func.json_array(*rows.subquery().c))).scalar_subquery()
    # ARRAY(SELECT …) instead of json_agg over a sub-select: neither aggregate nor scan of it is set up for each (mostly empty)
    # list, which was a third of a look-up.
    built = rows.with_only_columns(func.json_build_array(*rows.selected_columns), maintain_column_froms=True)
    return cast(func.array_to_json(func.array(built.scalar_subquery())), Text)


def load_rows(text: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """What `json_rows` gave, each row keyed by `names` in the order of the select. Times are texts in UTC."""
    if text == "[]":  # most lists of most owners
        return []
    return [dict(zip(names, values, strict=True)) for values in orjson.loads(text)]
