"""One connection that stays open for prepared read statements: the call path waits for no pool, no BEGIN, no second hop.

SQLAlchemy writes the statement once; the driver runs it. Through SQLAlchemy's own execution aiosqlite crosses to its
thread four times for each statement (cursor, execute, fetch, close), which costs more than the statement itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.base import AnySelect
from storage.faults import translated

Values = Mapping[str, Any]
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as the driver takes it. Where placeholders are positional, `places` says where each value goes."""

    sql: str
    constants: Values
    row: tuple[Any, ...]
    places: tuple[tuple[int, str], ...] | None

    def arguments(self, values: Values) -> Sequence[Any] | Values:
        """`values` as this driver wants them."""
        if self.places is None:
            return {**self.constants, **values}
        filled = list(self.row)
        for place, name in self.places:
            filled[place] = values[name]
        return filled


def prepare(statement: AnySelect, dialect: Dialect) -> Prepared:
    """Compile once. Column types convert nothing afterwards: select texts, numbers and `json_rows` only."""
    compiled = statement.compile(dialect=dialect)
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    if compiled.positiontup is None:
        return Prepared(str(compiled), constants, (), None)
    row = tuple(constants.get(name) for name in compiled.positiontup)
    places = tuple((place, name) for place, name in enumerate(compiled.positiontup) if name not in constants)
    return Prepared(str(compiled), constants, row, places)


class HeldReader:
    """Statements one after another on one autocommit connection; after any failure the next statement opens a new one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.dialect = engine.dialect
        self._engine = engine
        self._turn = asyncio.Lock()
        self._held: tuple[AsyncConnection, Any] | None = None

    async def rows(self, statement: Prepared, values: Values) -> Rows:
        """Every row. Raises DatabaseAway. Cancelled in the middle: the connection is thrown away, its state is unknown."""
        async with self._turn:
            held, self._held = self._held, None
            if held is None:
                with translated():
                    held = await self._open()
            try:
                rows = await self._fetch(held[1], statement, values)
            except BaseException:
                await _throw_away(held[0])
                with translated():
                    raise
            self._held = held
            return rows

    async def close(self) -> None:
        """End the connection."""
        async with self._turn:
            held, self._held = self._held, None
            if held is not None:
                await _throw_away(held[0])  # not back to the pool: its settings are this reader's

    async def _open(self) -> tuple[AsyncConnection, Any]:
        connection = await self._engine.connect()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if self.dialect.name == "sqlite":
            # Inner pages of the indexes stay in memory (SQLite's default is 2 MiB): with a million owners a question touches
            # a dozen pages. The file is not mapped: an error of the disk would be a SIGBUS of the core, no error we could tell.
            await driver.execute_fetchall("PRAGMA cache_size = -65536")
        else:
            # Planning these statements anew costs several times their execution, and they have one good plan.
            await driver.execute("SET plan_cache_mode = force_generic_plan")
        return connection, driver

    async def _fetch(self, driver: Any, statement: Prepared, values: Values) -> Rows:
        arguments = statement.arguments(values)
        if self.dialect.name == "sqlite":
            return cast(Rows, await driver.execute_fetchall(statement.sql, arguments))
        cursor = await driver.execute(statement.sql, arguments)
        return cast(Rows, await cursor.fetchall())


async def _throw_away(connection: AsyncConnection) -> None:
    await connection.invalidate()
    await connection.close()
