"""Two people at the same row at the same moment, on both databases: one wins, the other is told, nothing is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent_console.server.models import WrapUp
from crm_core.actor import Actor, no_hint
from crm_core.callbacks.service import Callbacks
from crm_core.callbacks.views import NewCallback
from crm_core.errors import Taken
from crm_core.owners.activity import CallTables
from crm_core.owners.service import Owners
from crm_core.owners.views import NewOwner, OwnerChange
from crm_core.tickets.service import Tickets
from crm_core.tickets.task_sheets import TaskSheets
from crm_core.tickets.views import NewTaskSheet, NewTicket, TicketChange
from cti.store.models import Agent, CallRecord
from storage.errors import Conflict
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
PEOPLE = [Actor(user=f"u-{n}", role="hotline_engineer", agent=f"agt-{n}") for n in range(8)]


@pytest.fixture
def tickets(unit_of_work: UnitOfWork) -> Tickets:
    return Tickets(unit_of_work, agents=Agent.__table__, zone=ZoneInfo("Asia/Shanghai"), hint=no_hint)


async def test_of_eight_changes_of_one_version_one_is_made(tickets: Tickets):
    ticket = await tickets.create(NewTicket(title="水管渗水"), PEOPLE[0], NOW)
    changes = [tickets.change(ticket.id, TicketChange(version=ticket.version, note=f"{who.user}"), who, NOW) for who in PEOPLE]
    answers = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 7
    assert [line.code for line in (await tickets.get(ticket.id)).history] == ["created", "note"]


async def test_eight_calls_linked_at_once_are_eight_lines(tickets: Tickets, unit_of_work: UnitOfWork):
    ticket = await tickets.create(NewTicket(title="水管渗水"), PEOPLE[0], NOW)

    async def link(who: Actor) -> None:
        async with unit_of_work.write() as session:
            await tickets.link(session, ticket.id, call=f"c-{who.user}", actor=who, now=NOW)

    await asyncio.gather(*(link(who) for who in PEOPLE))
    lines = (await tickets.get(ticket.id)).history
    assert sorted(line.params["call"] for line in lines[1:]) == [f"c-{who.user}" for who in PEOPLE]


async def test_of_eight_engineers_one_takes_the_sheet(tickets: Tickets, unit_of_work: UnitOfWork):
    sheets = TaskSheets(unit_of_work, tickets, region="CN")
    new = NewTaskSheet(number="13800138000", equipment="门禁", symptom="黑屏", since_when="昨晚", note="记录")
    sheet = await sheets.create(new, PEOPLE[0], NOW)
    answers = await asyncio.gather(*(sheets.take(sheet.id, who, NOW) for who in PEOPLE), return_exceptions=True)
    (holder,) = {answer.holder_agent for answer in answers if not isinstance(answer, BaseException)}
    refused = [answer for answer in answers if isinstance(answer, Taken)]
    assert (len(refused), {answer.params["holder"] for answer in refused}) == (7, {holder})


async def test_of_eight_agents_one_takes_the_callback(unit_of_work: UnitOfWork):
    callbacks = Callbacks(unit_of_work, region="CN", hint=no_hint)
    callback = await callbacks.create(NewCallback(number="13800138000", due_at=NOW + timedelta(hours=1)), PEOPLE[0], NOW)
    answers = await asyncio.gather(*(callbacks.take(callback.id, who) for who in PEOPLE), return_exceptions=True)
    assert sum(isinstance(answer, Taken) for answer in answers) == 7


async def test_of_eight_changes_of_an_owner_one_is_made(unit_of_work: UnitOfWork):
    owners = Owners(unit_of_work, calls=CallTables(CallRecord.__table__, WrapUp.__table__), region="CN", hint=no_hint)
    owner = await owners.create(NewOwner(name="周建国"), NOW)
    changes = [owners.change(owner.id, OwnerChange(version=owner.version, note=str(n)), NOW) for n in range(8)]
    answers = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 7


async def test_tickets_made_at_once_have_numbers_of_their_own(tickets: Tickets):
    made = await asyncio.gather(*(tickets.create(NewTicket(title="水管渗水"), who, NOW) for who in PEOPLE))
    assert sorted(ticket.number for ticket in made) == [f"T-1122-{n:04d}" for n in range(1, 9)]
