"""`INSERT … ON CONFLICT` for the database at hand: both speak it, SQLAlchemy has one construct for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.ext.asyncio import AsyncSession


def insert_for(session: AsyncSession, table: type[Any] | Table) -> SqliteInsert | PostgresInsert:
    """An insert that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return SqliteInsert(table) if session.get_bind().dialect.name == "sqlite" else PostgresInsert(table)
