"""What others hear of a change, and what comes up by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent_console.server.models import WrapUp
from crm_core.actor import Actor
from crm_core.callbacks.service import Callbacks
from crm_core.callbacks.views import CallbackChange, NewCallback
from crm_core.errors import FieldsMissing, InvalidValue
from crm_core.owners.activity import CallTables
from crm_core.owners.service import Owners
from crm_core.owners.views import NewOwner, OwnerChange
from crm_core.tickets.service import Tickets
from crm_core.tickets.task_sheets import TaskSheets
from crm_core.tickets.views import NewTaskSheet, NewTicket
from cti.store.models import Agent, CallRecord
from storage.engine import engine_for
from storage.errors import Conflict
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
AGENT = Actor(user="u-1", role="agent", agent="agt-1024", team="team-hotline")


@dataclass
class Core:
    """The services on one database; `hints` is what pages were told."""

    uow: UnitOfWork
    hints: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        tell = lambda resource, row: self.hints.append((resource, row))  # noqa: E731
        self.owners = Owners(self.uow, calls=CallTables(CallRecord.__table__, WrapUp.__table__), region="CN", hint=tell)
        self.tickets = Tickets(self.uow, agents=Agent.__table__, zone=ZoneInfo("Asia/Shanghai"), hint=tell)
        self.sheets = TaskSheets(self.uow, self.tickets, region="CN")
        self.callbacks = Callbacks(self.uow, region="CN", hint=tell)

    def told(self) -> set[tuple[str, str]]:
        found = set(self.hints)
        self.hints.clear()
        return found


@pytest.fixture
async def core(sqlite_url: str) -> AsyncIterator[Core]:
    uow = UnitOfWork(engine_for(sqlite_url))
    yield Core(uow)
    await uow.dispose()


async def test_a_new_and_a_changed_owner_are_told(core: Core):
    owner = await core.owners.create(NewOwner(name="周建国"), NOW)
    assert core.told() == {("owners", owner.id)}
    await core.owners.change(owner.id, OwnerChange(version=owner.version, note="下午联系"), NOW)
    assert core.told() == {("owners", owner.id)}


async def test_a_refused_change_is_not_told(core: Core):
    owner = await core.owners.create(NewOwner(name="周建国"), NOW)
    core.told()
    with pytest.raises(Conflict):
        await core.owners.change(owner.id, OwnerChange(version=99, note="下午联系"), NOW)
    assert core.told() == set()


async def test_a_task_sheet_is_told_as_sheet_and_as_ticket(core: Core):
    sheet = await core.sheets.create(
        NewTaskSheet(number="13800138000", equipment="门禁", symptom="黑屏", since_when="昨晚", note="记录"), AGENT, NOW
    )
    assert core.told() == {("tickets", sheet.id), ("task-sheets", sheet.id)}


async def test_a_refused_task_sheet_takes_no_number(core: Core):
    with pytest.raises(FieldsMissing):
        await core.sheets.create(NewTaskSheet(number="13800138000"), AGENT, NOW)
    ticket = await core.tickets.create(NewTicket(title="水管渗水"), AGENT, NOW)
    assert ticket.number == "T-1122-0001"


async def test_a_sheet_without_a_number_takes_the_owners_first_one(core: Core):
    from crm_core.owners.views import NewPhone  # noqa: PLC0415

    owner = await core.owners.create(NewOwner(name="周建国", phones=(NewPhone("13900000001"), NewPhone("13900000002"))), NOW)
    sheet = await core.sheets.create(
        NewTaskSheet(owner=owner.id, equipment="门禁", symptom="黑屏", since_when="昨晚", note="记录"), AGENT, NOW
    )
    assert sheet.phone == "+8613900000001"


async def promised(core: Core, due: datetime, agent: str | None = "agt-1024") -> str:
    return (await core.callbacks.create(NewCallback(number="13800138000", due_at=due, agent=agent), AGENT, NOW)).id


async def due(core: Core, now: datetime, *agents: str) -> list[str]:
    return [each.id for each in await core.callbacks.due(now, agents or ("agt-1024",))]


async def test_a_callback_comes_up_at_its_time_and_not_before(core: Core):
    callback = await promised(core, NOW + timedelta(minutes=5))
    assert await due(core, NOW + timedelta(minutes=4)) == []
    assert await due(core, NOW + timedelta(minutes=5)) == [callback]


async def test_a_callback_put_to_another_time_comes_up_then(core: Core):
    callback = await promised(core, NOW)
    later = NOW + timedelta(hours=1)
    await core.callbacks.change(callback, CallbackChange(due_at=later), NOW)
    assert await due(core, NOW + timedelta(minutes=59)) == []
    assert await due(core, later) == [callback]


async def test_a_callback_that_is_done_does_not_come_up(core: Core):
    callback = await promised(core, NOW)
    await core.callbacks.change(callback, CallbackChange(state="done"), NOW)
    assert await due(core, NOW + timedelta(hours=1)) == []


async def test_a_callback_without_anybody_to_ring_is_refused(core: Core):
    with pytest.raises(InvalidValue):
        await core.callbacks.create(NewCallback(due_at=NOW), AGENT, NOW)
