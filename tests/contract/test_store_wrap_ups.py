"""Wrap-ups of a call that goes through several hands, on both databases: each has his own, and nothing is made twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from cti.store.models import CallFact, CallParty, CallRecord
from tests.support.office import Desk, Office

CALL = {
    "id": "c-1", "direction": "in", "state": "wrap_up", "from": "+8613800138000", "to": "4001", "queue": "repairs",
    "agent": "agt-1024", "engineer": "agt-2001", "consult": None, "owner": "", "ticket": "", "callback": "",
}  # fmt: skip
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIRST, LATER = "2026-03-02T01:00:00.000Z", "2026-03-02T01:05:00.000Z"
DUE = {"due_at": "2036-03-03T09:00:00Z", "note": "ring"}


@pytest.fixture
async def engineer(desk: Office) -> Desk:
    return await desk.sign_in("engineer2001")


def call_is(desk: Office, **more: Any) -> None:
    """What the core said last."""
    desk.api.deps.console.house.entities.setdefault("call", {})["c-1"] = CALL | more


def is_with(desk: Office, agent: str, since: str | None) -> None:
    """In wrap-up of the call since then; None: not any more."""
    entity = {"id": agent, "state": "WRAP_UP", "call": "c-1" if since else None, "since": since or LATER}
    desk.api.deps.console.house.entities.setdefault("agent", {})[agent] = entity


async def save(person: Desk, **form: Any) -> Mapping[str, Any]:
    return await person.made("/calls/c-1/wrap-up", {"disposition": "solved"} | form)


async def rows(desk: Office, statement: str) -> list[tuple[Any, ...]]:
    async with desk.uow.read() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def test_two_people_of_one_call_each_keep_their_own(desk: Office, agent: Desk, engineer: Desk):
    call_is(desk)
    first = await save(agent, note="agent", ticket={"title": "A"}, callback=DUE)
    second = await save(engineer, note="engineer", ticket={"title": "E"}, callback=DUE)
    assert first["ticket"] != second["ticket"]
    assert first["callback"] != second["callback"]
    kept = await rows(desk, "SELECT agent_id, note, ticket_id, callback_id FROM wrap_ups ORDER BY agent_id")
    assert kept == [
        ("agt-1024", "agent", first["ticket"], first["callback"]),
        ("agt-2001", "engineer", second["ticket"], second["callback"]),
    ]


async def test_the_same_form_twice_at_once_makes_one_of_each(desk: Office, agent: Desk):
    call_is(desk)
    is_with(desk, "agt-1024", FIRST)
    done = await asyncio.gather(*(save(agent, note="n", ticket={"title": "A"}, callback=DUE) for _ in range(4)))
    assert len({(each["ticket"], each["callback"]) for each in done}) == 1
    assert await rows(desk, "SELECT (SELECT count(*) FROM tickets), (SELECT count(*) FROM callbacks)") == [(1, 1)]


async def test_a_call_that_comes_back_may_make_another_ticket_and_keeps_both_notes(desk: Office, agent: Desk):
    call_is(desk)
    is_with(desk, "agt-1024", FIRST)
    first = await save(agent, note="one", ticket={"title": "A"})
    is_with(desk, "agt-1024", LATER)
    second = await save(agent, note="two", ticket={"title": "B"})
    assert first["ticket"] != second["ticket"]
    assert await rows(desk, "SELECT note FROM wrap_ups") == [("one\ntwo",)]


async def test_a_form_repeated_after_the_core_let_him_go_makes_nothing_twice(desk: Office, agent: Desk):
    call_is(desk)
    is_with(desk, "agt-1024", FIRST)
    first = await save(agent, note="n", ticket={"title": "A"}, callback=DUE)
    is_with(desk, "agt-1024", None)
    assert await save(agent, note="n", ticket={"title": "A"}, callback=DUE) == first
    assert await rows(desk, "SELECT note FROM wrap_ups") == [("n",)]


async def test_a_callback_added_when_it_is_said_again_is_made(desk: Office, agent: Desk):
    call_is(desk)
    first = await save(agent, ticket={"title": "A"})
    again = await save(agent, ticket={"title": "A"}, callback=DUE)
    assert (again["ticket"], again["callback"] is None) == (first["ticket"], False)


@pytest.mark.parametrize(("holder", "state"), [("agt-1024", "done"), ("agt-1025", "open")])
async def test_only_a_callback_of_his_own_is_kept_by_his_wrap_up(desk: Office, agent: Desk, holder: str, state: str):
    supervisor = await desk.sign_in("supervisor5001")
    promised = await supervisor.made("/callbacks", {"due_at": FIRST, "number": "13800138000", "agent": holder})
    call_is(desk, direction="out", callback=promised["id"])
    await save(agent)
    _, found = await supervisor.get("/callbacks", state=state)
    assert [each["id"] for each in found["items"]] == [promised["id"]]


async def ended(desk: Office, *answered_by: str, disposition: str | None = None, kind: str = "call.answered") -> None:
    """The call is over, the core has let everybody go; the last one has it in his record."""
    async with desk.uow.write() as session:
        session.add(
            CallRecord(
                id="c-1",
                direction="in",
                from_e164="+8613800138000",
                agent_id=answered_by[-1],
                started_at=NOW,
                state="ended",
                disposition=disposition,
            )
        )
        for seq, agent in enumerate(answered_by):
            session.add(CallParty(agent_id=agent, call_id="c-1"))
            session.add(CallFact(id=f"f-{seq}", seq=seq, call_id="c-1", at=NOW, kind=kind, agent_id=agent, data={}))


async def test_who_gave_the_call_away_saves_late_and_a_stranger_does_not(desk: Office, agent: Desk):
    await ended(desk, "agt-1024", "agt-1025")
    assert (await save(agent, note="late", ticket={"title": "A"}))["ticket"]
    stranger = await desk.sign_in("engineer2001")
    status, answer = await stranger.post("/calls/c-1/wrap-up", {"disposition": "solved"})
    assert (status, answer["error"]["code"]) == (404, "no_such_call")
    assert [(await who.get("/calls/c-1"))[0] for who in (agent, stranger)] == [200, 404]


async def test_an_engineer_who_handed_the_call_on_saves_late_too(desk: Office):
    await ended(desk, "agt-2001", "agt-2002", kind="consult.completed")
    engineer = await desk.sign_in("engineer2001")
    assert (await save(engineer, note="late", ticket={"title": "A"}))["ticket"]


@pytest.mark.parametrize(("heard", "shown"), [(None, "complaint"), ("solved", "solved")])
async def test_a_record_shows_what_was_said_after_the_core_had_gone_on(desk: Office, agent: Desk, heard: str | None, shown: str):
    await ended(desk, "agt-1024", disposition=heard)
    await save(agent, disposition="complaint")
    _, one = await agent.get("/calls/c-1")
    _, listed = await agent.get("/calls")
    assert [one["disposition"], *(each["disposition"] for each in listed["items"])] == [shown, shown]


async def test_a_callback_for_who_withheld_his_number_asks_for_one_by_name(desk: Office, agent: Desk):
    call_is(desk, **{"from": ""})
    status, answer = await agent.post("/calls/c-1/wrap-up", {"disposition": "solved", "callback": DUE})
    assert (status, answer["error"]["code"]) == (422, "number_needed")
    assert answer["error"]["params"]["field"] == "callback.number"
    done = await save(agent, callback=DUE | {"number": "13800138000"})
    assert done["callback"]


async def test_the_record_shows_what_each_said_and_the_owner_the_beginning_of_the_last_note(desk: Office, agent: Desk):
    owner = await agent.made("/owners", {"name": "周建国"})
    await ended(desk, "agt-1024", "agt-1025")
    async with desk.uow.write() as session:
        record = await session.get_one(CallRecord, "c-1")
        record.owner_id, record.ended_at = owner["id"], NOW
    colleague, supervisor = await desk.sign_in("agent1025"), await desk.sign_in("supervisor5001")
    await save(agent, note="第一\n两行", disposition="handed_over")
    await save(colleague, note="漏" * 300)
    for reader in (agent, colleague, supervisor):
        said = (await reader.get("/calls/c-1"))[1]["wrap_ups"]
        assert [(each["agent"], each["disposition"], each["note"]) for each in said] == [
            ("agt-1024", "handed_over", "第一\n两行"),
            ("agt-1025", "solved", "漏" * 300),
        ]
        assert all(each["at"].endswith("Z") for each in said)
    _, happened = await agent.get(f"/owners/{owner['id']}/activity")
    assert [(each["kind"], each["note"]) for each in happened["items"]] == [("call", "漏" * 200)]


async def test_a_call_that_nobody_noted_anything_of_has_no_note(desk: Office, agent: Desk):
    owner = await agent.made("/owners", {"name": "周建国"})
    await ended(desk, "agt-1024")
    async with desk.uow.write() as session:
        record = await session.get_one(CallRecord, "c-1")
        record.owner_id, record.ended_at = owner["id"], NOW
    await save(agent)
    _, happened = await agent.get(f"/owners/{owner['id']}/activity")
    assert [each["note"] for each in happened["items"]] == [None]
    assert (await agent.get("/calls"))[1]["items"][0]["wrap_ups"] is None
