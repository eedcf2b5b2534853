"""No list, search or look-up reads a whole table: SQLite is asked how it would run every statement that they send."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from agent_console.server import call_records
from agent_console.server.actor import Actor
from agent_console.server.call_records import CallFilter
from agent_console.server.models import WrapUp
from crm_core.actor import no_hint
from crm_core.callbacks.service import Callbacks
from crm_core.callbacks.views import CallbackFilter
from crm_core.owners.activity import CallTables, activity
from crm_core.owners.lookup import NumberLookup
from crm_core.owners.service import Owners
from crm_core.people.passwords import Passwords
from crm_core.people.service import People, Role
from crm_core.tickets.service import Tickets
from crm_core.tickets.task_sheets import TaskSheets
from crm_core.tickets.views import TicketFilter
from cti.store.models import Agent, CallRecord
from storage.engine import engine_for
from storage.held_reader import HeldReader
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
Sent = list[tuple[str, Any]]
CALLS = CallTables(CallRecord.__table__, WrapUp.__table__)
AT_DESK = Actor(
    user="u", login="agent1024", name="", role=Role.AGENT, team=None, language="zh", demo=False, agent="agt-1024", number="1024",
    session="", kind="cookie",
)  # fmt: skip


@pytest.fixture
async def uow(sqlite_url: str) -> AsyncIterator[UnitOfWork]:
    found = UnitOfWork(engine_for(sqlite_url))
    yield found
    await found.dispose()


@pytest.fixture
def sent(uow: UnitOfWork) -> Sent:
    statements: Sent = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if statement.startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(uow.engine.sync_engine, "before_cursor_execute", note)
    return statements


def scans(url: str, sent: Sent) -> list[str]:
    """Steps that read a table from its first row to its last. An index that is walked in order for a page is none."""
    found = []
    with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as connection:
        for statement, parameters in sent:
            for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
                if step.startswith("SCAN") and not any(word in step for word in ("USING", "CONSTANT ROW", "(subquery", "anon_")):
                    found.append(f"{step}: {statement[:90]}")
    connection.close()
    return found


def questions(uow: UnitOfWork) -> dict[str, Callable[[], Awaitable[object]]]:
    owners = Owners(uow, calls=CALLS, region="CN", hint=no_hint)
    tickets = Tickets(uow, agents=Agent.__table__, zone=ZoneInfo("Asia/Shanghai"), hint=no_hint)
    callbacks = Callbacks(uow, region="CN", hint=no_hint)
    return {
        "owners, all": lambda: owners.search(""),
        "owners by name": lambda: owners.search("建国"),
        "owners by two words": lambda: owners.search("建国 云栖"),
        "owners by last digits": lambda: owners.search("8000"),
        "owners by number": lambda: owners.search("+86138"),
        "what happened with an owner": lambda: happened(uow),
        "duplicates": lambda: owners.possible_duplicates(name="周", number="13800138000", address="云栖"),
        "tickets of an owner": lambda: tickets.find(TicketFilter(owner="o", state="unfinished")),
        "tickets by number": lambda: tickets.find(TicketFilter(query="T-1122")),
        "tickets by owner's name": lambda: tickets.find(TicketFilter(query="建国")),
        "tickets held": lambda: tickets.find(TicketFilter(holder="agt-1024", holder_role="agent")),
        "task sheets": TaskSheets(uow, tickets, region="CN").open_sheets,
        "callbacks of an agent": lambda: callbacks.find(CallbackFilter(agent="agt-1024", state="open")),
        "callbacks due": lambda: callbacks.due(NOW, ["agt-1024"]),
        "calls by words": lambda: calls_by(uow, "建国"),
        "calls by number": lambda: calls_by(uow, "5550 1234"),
        "calls of somebody": lambda: calls_by(uow, "", agent="agt-2001"),
        "calls that an agent may see": lambda: calls_by(uow, "建国", actor=AT_DESK),
        "a call that an agent may see": lambda: one_call(uow, AT_DESK),
        "log-in": lambda: People(uow, Passwords(memory_kib=64)).by_login("admin"),
    }


async def calls_by(uow: UnitOfWork, words: str, agent: str = "", actor: Actor | None = None) -> object:
    async with uow.read() as session:
        return await call_records.find(session, actor, CallFilter(q=words, agent=agent), None)


async def happened(uow: UnitOfWork) -> object:
    async with uow.read() as session:
        return await activity(session, CALLS, "o-1", None, 50)


async def one_call(uow: UnitOfWork, actor: Actor) -> object:
    async with uow.read() as session:
        return await call_records.one(session, actor, "c-1")


async def test_no_list_or_search_reads_a_whole_table(uow: UnitOfWork, sent: Sent, sqlite_url: str):
    for name, ask in questions(uow).items():
        sent.clear()
        await ask()
        assert sent, name
        assert scans(sqlite_url, sent) == [], name


async def test_the_look_up_on_the_call_path_reads_indexes_only(uow: UnitOfWork, sqlite_url: str):
    reader = HeldReader(uow.engine)
    lookup = NumberLookup(reader, CallRecord.__table__, lambda: NOW)
    statement = lookup._statement
    await lookup.close()
    assert scans(sqlite_url, [(statement.sql, statement.arguments({"e164": "+8613800138000"}))]) == []
