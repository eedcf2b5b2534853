"""The audit on both databases: a chain that one key made, that nobody changes, and that parallel writers do not fork."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from agent_console.server.actor import Actor
from agent_console.server.audit import Audit
from carillon.clock import SystemClock
from crm_core.people.service import Role
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork

KEY = b"k" * 32
WHO = Actor("u-1", "ann", "Ann", Role.SUPERVISOR, "t1", "zh", False, "", "", "s-1", "cookie")


@pytest.fixture
def audit(unit_of_work):
    return Audit(unit_of_work, SystemClock(), KEY)


async def test_lines_are_chained_and_verified(audit):
    for number in range(5):
        await audit.record("recording.played", WHO, about=f"c-{number}", address="127.0.0.1", data={"n": number, "字": "值"})
    assert await audit.first_broken() is None


async def test_two_processes_that_write_at_once_make_one_chain(audit, database_url):
    other_uow = UnitOfWork(engine_for(database_url))
    other = Audit(other_uow, SystemClock(), KEY)
    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task((audit if number % 2 else other).record("login", WHO, about=str(number)))
    await other_uow.dispose()
    assert await audit.first_broken() is None


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_a_line(audit, unit_of_work, statement):
    await audit.record("login", WHO)
    with pytest.raises(DBAPIError):
        async with unit_of_work.write() as session:
            await session.execute(text(statement))
    assert await audit.first_broken() is None


async def test_a_line_made_without_the_key_is_found(audit, unit_of_work):
    await audit.record("login", WHO)
    await Audit(unit_of_work, SystemClock(), b"another key").record("login", WHO)
    await audit.record("login", WHO)
    assert await audit.first_broken() == 2
