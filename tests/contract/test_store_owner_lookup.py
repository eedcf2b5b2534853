"""Who is calling, asked of a real database: the screen pop's candidates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from crm_core.callbacks.models import Callback
from crm_core.owners.lookup import NumberLookup
from crm_core.owners.models import Equipment, Owner, OwnerPhone, OwnerProperty, Property
from crm_core.tickets.models import Ticket
from cti.store.models import CallRecord
from storage.held_reader import HeldReader
from storage.unit_of_work import Session, UnitOfWork

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
NUMBER = "+8613800138000"


@pytest.fixture
async def lookup(unit_of_work: UnitOfWork) -> AsyncIterator[NumberLookup]:
    found = NumberLookup(HeldReader(unit_of_work.engine), CallRecord.__table__, lambda: NOW)
    yield found
    await found.close()


def add_owner(session: Session, owner: str, name: str, *numbers: str, primary: bool = False) -> None:
    session.add(Owner(id=owner, name=name, name_key=name, level="gold", district="", note="", created_at=NOW, updated_at=NOW))
    for number in numbers:
        phone = OwnerPhone(
            id=f"{owner}{number}", owner_id=owner, e164=number, backwards=number[::-1], raw=number, label="", is_primary=primary
        )
        session.add(phone)


def add_ticket(session: Session, owner: str, number: str, state: str = "open") -> None:
    session.add(
        Ticket(
            id=number,
            number=number,
            day=NOW.date(),
            kind="request",
            title="门禁黑屏",
            state=state,
            owner_id=owner,
            due_at=NOW + timedelta(minutes=15),
            created_at=NOW,
            created_by="u",
            priority=2,
        )
    )


def add_call(session: Session, owner: str, call: str, at: datetime) -> None:
    session.add(
        CallRecord(
            id=call, direction="in", owner_id=owner, started_at=at, state="ended", disposition="solved", agent_id="agt-1024"
        )
    )


async def test_an_unknown_number_has_no_candidates(lookup: NumberLookup):
    assert await lookup.candidates(NUMBER) == []


async def test_an_anonymous_caller_has_no_candidates(unit_of_work: UnitOfWork, lookup: NumberLookup):
    async with unit_of_work.write() as session:
        add_owner(session, "o1", "周建国", "")
    assert await lookup.candidates("") == []


async def test_the_only_owner_comes_with_everything_the_pop_shows(unit_of_work: UnitOfWork, lookup: NumberLookup):
    async with unit_of_work.write() as session:
        add_owner(session, "o1", "周建国", NUMBER, primary=True)
        await session.flush()
        session.add(Property(id="h1", address="云栖花园 3-2-1201", address_key="", district=""))
        await session.flush()
        session.add(OwnerProperty(owner_id="o1", property_id="h1", relation="owner", since=None))
        session.add(
            Equipment(id="e1", owner_id="o1", property_id="h1", name="可视门禁", model="VD-700", warranty_until=date(2027, 3, 31))
        )
        add_ticket(session, "o1", "T-1122-0001")
        add_ticket(session, "o1", "T-1121-0007", "closed")
        add_call(session, "o1", "c1", NOW - timedelta(hours=1))
        session.add(
            Callback(
                id="b1",
                owner_id="o1",
                number=NUMBER,
                due_at=NOW + timedelta(hours=2),
                note="下午",
                created_at=NOW,
                created_by="u",
            )
        )
    assert await lookup.candidates(NUMBER) == [
        {
            "owner": "o1",
            "name": "周建国",
            "level": "gold",
            "reason": {"code": "only_owner", "params": {}},
            "properties": [{"id": "h1", "address": "云栖花园 3-2-1201", "relation": "owner"}],
            "equipment": [{"id": "e1", "name": "可视门禁", "model": "VD-700", "warranty_until": "2027-03-31"}],
            "open_tickets": [
                {
                    "id": "T-1122-0001",
                    "number": "T-1122-0001",
                    "title": "门禁黑屏",
                    "state": "open",
                    "due_at": "2026-11-22T06:45:00.000Z",
                }
            ],
            "last_calls": [
                {
                    "id": "c1",
                    "at": "2026-11-22T05:30:00.000Z",
                    "direction": "in",
                    "disposition": "solved",
                    "agent": "agt-1024",
                }
            ],
            "callbacks": [{"id": "b1", "due_at": "2026-11-22T08:30:00.000Z", "note": "下午"}],
        }
    ]


async def test_of_several_owners_the_one_who_called_lately_comes_first(unit_of_work: UnitOfWork, lookup: NumberLookup):
    async with unit_of_work.write() as session:
        add_owner(session, "o1", "周敏", NUMBER)
        add_owner(session, "o2", "周建国", NUMBER, primary=True)
        add_owner(session, "o3", "吴秀兰", NUMBER)
        add_owner(session, "o4", "周立", NUMBER)
        add_ticket(session, "o3", "T-1122-0002")
        add_call(session, "o4", "c1", NOW - timedelta(days=1))
        add_call(session, "o1", "c2", NOW - timedelta(days=30))
    found = await lookup.candidates(NUMBER)
    assert [(each["name"], each["reason"]) for each in found] == [
        ("周立", {"code": "recent_call", "params": {"at": "2026-11-21T06:30:00.000Z"}}),
        ("吴秀兰", {"code": "open_ticket", "params": {"number": "T-1122-0002"}}),
        ("周建国", {"code": "primary_number", "params": {}}),
        ("周敏", {"code": "shared_number", "params": {"owners": 4}}),
    ]


async def test_the_last_five_calls_come_newest_first(unit_of_work: UnitOfWork, lookup: NumberLookup):
    async with unit_of_work.write() as session:
        add_owner(session, "o1", "周敏", NUMBER)
        for hour in range(8):
            add_call(session, "o1", f"c{hour}", NOW - timedelta(hours=hour))
    (found,) = await lookup.candidates(NUMBER)
    calls = cast(list[dict[str, str]], found["last_calls"])
    assert [call["id"] for call in calls] == ["c0", "c1", "c2", "c3", "c4"]


async def test_what_was_committed_a_moment_ago_is_seen(unit_of_work: UnitOfWork, lookup: NumberLookup):
    assert await lookup.candidates(NUMBER) == []
    async with unit_of_work.write() as session:
        add_owner(session, "o1", "周敏", NUMBER)
    assert len(await lookup.candidates(NUMBER)) == 1


async def test_a_caller_name_full_of_sql_finds_nobody(unit_of_work: UnitOfWork, lookup: NumberLookup):
    async with unit_of_work.write() as session:
        add_owner(session, "o1", "周敏", NUMBER)
    assert await lookup.candidates("' OR '1'='1") == []
