"""Rows inside a row: a correlated sub-select as one JSON text column, so that a record with its lists is one round trip."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select

from storage.base import AnySelect


def json_rows(dialect: str, rows: AnySelect) -> ColumnElement[str]:
    """The rows of `rows` (limited, ordered, correlated) as a JSON array of arrays; '[]' for none."""
    inner = rows.subquery()
    if dialect == "sqlite":
        return select(func.json_group_array(func.json_array(*inner.c))).scalar_subquery()
    array = func.coalesce(func.json_agg(func.json_build_array(*inner.c)), literal_column("'[]'::json"))
    return cast(select(array).scalar_subquery(), Text)


def load_rows(text: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """What `json_rows` gave, each row keyed by `names` in the order of the select. Times are texts in UTC."""
    if text == "[]":  # most lists of most owners
        return []
    return [dict(zip(names, values, strict=True)) for values in orjson.loads(text)]
