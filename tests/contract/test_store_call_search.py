"""Calls found by words: their owner's, however old, and their own number and name among the newest; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent_console.server import call_search
from cti.store.models import CallParty, CallRecord
from tests.support.office import Desk, Office

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


async def add_call(desk: Office, ident: str, minutes: int, **more: object) -> None:
    """A finished call of agent 1024's, so many minutes ago."""
    row = CallRecord(id=ident, direction="in", agent_id="agt-1024", started_at=NOW - timedelta(minutes=minutes), state="ended")
    for name, value in more.items():
        setattr(row, name, value)
    async with desk.uow.write() as session:
        session.add(row)
        session.add_all(CallParty(agent_id=who, call_id=ident) for who in {row.agent_id, row.engineer_id} - {None})


async def found(desk: Desk, **query: str) -> list[str]:
    status, answer = await desk.get("/calls", **query)
    assert status == 200, answer
    return [each["id"] for each in answer["items"]]


async def test_calls_are_found_by_what_finds_their_owner(desk: Office, agent: Desk):
    owner = await agent.made("/owners", {"name": "周建国", "address": "云栖花园 3 栋", "phones": [{"number": "13800138000"}]})
    await add_call(desk, "his", 1, owner_id=owner["id"])
    await add_call(desk, "another", 2)
    for words in ("建国", "周建", "云栖花园 建国", "8000"):
        assert await found(agent, q=words) == ["his"], words


async def test_a_call_is_found_by_its_own_number_and_name(desk: Office, agent: Desk):
    await add_call(desk, "in", 1, from_e164="+862155501234", from_name="Reed's Bakery")
    await add_call(desk, "out", 2, direction="out", to_number="+862155509999")
    assert await found(agent, q="5550 1234") == ["in"]
    assert await found(agent, q="55509") == ["out"]
    assert await found(agent, q="bakery") == ["in"]
    assert await found(agent, q="%") == []


async def test_both_ways_make_one_list_newest_first_and_nothing_twice(desk: Office, agent: Desk):
    owner = await agent.made("/owners", {"name": "周建国"})
    for minutes in range(120):
        mine = {"owner_id": owner["id"]} if minutes % 2 else {}
        await add_call(desk, f"c{minutes:03d}", minutes, from_name="" if minutes % 3 == 1 and mine else "周建国家", **mine)
    _, first = await agent.get("/calls", q="周建国")
    _, second = await agent.get("/calls", q="周建国", cursor=first["next"])
    _, third = await agent.get("/calls", q="周建国", cursor=second["next"])
    pages = [[each["id"] for each in page["items"]] for page in (first, second, third)]
    assert [call for page in pages for call in page] == [f"c{minutes:03d}" for minutes in range(120)]
    assert ([len(page) for page in pages], third["next"]) == ([50, 50, 20], None)


async def test_old_calls_are_found_by_their_owner_and_by_their_texts_only_beside_a_time(
    desk: Office, agent: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(call_search, "SEARCHED", 3)
    owner = await agent.made("/owners", {"name": "周建国"})
    for minutes in range(10):
        await add_call(desk, f"c{minutes}", minutes, from_name="Reed", owner_id=owner["id"] if minutes == 9 else None)
    assert await found(agent, q="建国") == ["c9"]
    assert await found(agent, q="reed") == ["c0", "c1", "c2"]
    assert await found(agent, q="reed", to=(NOW - timedelta(minutes=4)).isoformat()) == ["c5", "c6", "c7"]


async def test_others_calls_are_found_by_nobody_and_do_not_shorten_what_is_searched(
    desk: Office, agent: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(call_search, "SEARCHED", 3)
    for minutes in range(6):
        await add_call(desk, f"c{minutes}", minutes, from_name="Reed", agent_id="agt-1025" if minutes < 4 else "agt-1024")
    assert await found(agent, q="reed") == ["c4", "c5"]


async def test_the_calls_of_an_engineer_are_those_that_were_handed_over_to_him_too(desk: Office):
    engineer = await desk.sign_in("engineer2001")
    await add_call(desk, "handed-over", 1, engineer_id="agt-2001")
    await add_call(desk, "his-own", 2, agent_id="agt-2001")
    await add_call(desk, "another", 3)
    assert await found(engineer, agent="agt-2001") == ["handed-over", "his-own"]
