"""The one place that commits. What others must hear (hints, facts) leaves after the commit, never before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from storage.engine import BUSY_TIMEOUT_MS, WRITES
from storage.errors import DatabaseAway
from storage.faults import translated

AfterCommit = Callable[[], None]


class Session(AsyncSession):
    """A session that remembers what is to be told once its rows are there for others to read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._after_commit: list[AfterCommit] = []

    def after_commit(self, tell: AfterCommit) -> None:
        """Call `tell` once the transaction is committed; never, when it is rolled back. It must not block."""
        self._after_commit.append(tell)

    def told(self) -> list[AfterCommit]:
        """What is waiting to be told, in order."""
        return self._after_commit


class UnitOfWork:
    """Opens transactions on one engine. Writers of one process take turns here instead of polling SQLite's lock."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, class_=Session, expire_on_commit=False, autoflush=False)
        self._one_writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """One consistent view; nothing is written. Raises DatabaseAway."""
        with translated():
            async with self._sessions() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """Commit at the end of the block, roll back when it raises. Raises DatabaseAway, Conflict, Duplicate.

        Keep it short and await nothing foreign inside: on SQLite everybody else waits.
        """
        async with self._turn():
            with translated():
                async with self._sessions() as session:
                    await session.connection(execution_options={WRITES: True})
                    yield session
                    await session.commit()
        for tell in session.told():
            tell()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._one_writer is None:
            yield
            return
        try:
            async with asyncio.timeout(BUSY_TIMEOUT_MS / 1000):
                await self._one_writer.acquire()
        except TimeoutError as error:
            raise DatabaseAway("another write of this process holds the database") from error
        try:
            yield
        finally:
            self._one_writer.release()

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
