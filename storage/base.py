"""The floor of every model: one metadata with named constraints, UTC times, text ids, JSON by orjson.

Foreign keys stay inside one part: rows of different parts are written by different processes and erased at different times.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from unicodedata import normalize
from uuid import UUID, uuid4

from sqlalchemy import JSON, Date, DateTime, Dialect, MetaData, Row, Select, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

JsonObject = dict[str, Any]  # checked by the schemas at the edges; the database keeps it as it is
JsonList = list[Any]
AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out, on both databases. SQLite has no zone: it keeps the UTC wall time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored: give an aware one")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# `COLLATE "C"`: code point order on PostgreSQL, as SQLite has it; prefix ranges and cursors then mean the same on both.
SortKey = String().with_variant(String(collation="C"), "postgresql")
Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Every table of the house hangs here."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        datetime: UtcDateTime(),
        date: Date(),
        JsonObject: Json,
        JsonList: Json,
    }


def new_id() -> str:
    """A random id (UUID version 4) as text: ids are guessed by nobody."""
    return str(uuid4())


def is_id(value: str) -> bool:
    """Whether `value` has the shape of our ids."""
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 UTC with `Z`, milliseconds, as on every wire (docs/protocol.md)."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def key_of(text: str) -> str:
    """How text is compared in searches: without case and with full-width forms folded."""
    return normalize("NFKC", text).casefold().strip()
