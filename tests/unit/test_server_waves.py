"""Presence and figures in waves: who gets which value of what, and when."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

import orjson
import pytest

from agent_console.server.actor import Actor
from agent_console.server.console import Console
from agent_console.server.pages import Page, Pages
from carillon.clock import SystemClock
from crm_core.people.service import Role
from cti.bus.messages import Change, Delta, Snapshot
from tests.support.floor import until

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class Room:
    """A console with pages, and what each page was sent."""

    def __init__(self) -> None:
        self.pages = Pages(SystemClock(), lambda _signal: None)
        self.console = Console(SystemClock(), self.pages)
        self.seq = 0

    def page(self, name: str, role: Role = Role.AGENT, team: str = "north") -> Page:
        agent = name if role is Role.AGENT else ""
        actor = Actor(f"u-{name}", name, name, role, team, "en", False, agent, "", f"s-{name}", "cookie")
        page = Page(f"pg-{name}", actor, NOON, 0.0)
        page.queue.message(self.console.snapshot_for(page))
        self.pages.open(page)
        return page

    def agent(self, name: str, **value: object) -> None:
        self.change("agent", name, {"id": name, "team": "north", "state": "READY", "call": None} | value)

    def change(self, kind: str, name: str, value: dict[str, object] | None) -> None:
        self.seq += 1
        self.console.on_delta(Delta("e", self.seq, (Change(kind, name, value),)))


def told(page: Page) -> list[dict[str, object]]:
    """Values of the changes that wait for the page, in order."""
    found = []
    while page.queue._items:
        item = page.queue._pop()
        if item.kind:
            found += [one["value"] for one in orjson.loads(b"[" + item.body + b"]")]
    return found


@pytest.fixture
def room():
    return Room()


async def test_others_get_the_newest_presence_once_and_without_the_call(room):
    ann, bob = room.page("ann"), room.page("bob")
    for state in ("RESERVED", "RINGING", "ON_CALL"):
        room.agent("ann", state=state, call="c-1")
    await until(lambda: bob.queue._items and bob.queue._items[-1].kind)
    (seen,) = told(bob)
    assert (seen["state"], seen["call"]) == ("ON_CALL", None)
    assert [(value["state"], value["call"]) for value in told(ann)] == [("ON_CALL", "c-1")]


async def test_a_wave_never_tells_an_agent_less_of_himself_than_he_knows(room):
    ann, bob = room.page("ann"), room.page("bob")
    room.agent("ann", call="c-1")
    room.agent("bob", call="c-2")
    await until(lambda: any(item.kind == "wave" for item in ann.queue._items) and any(i.kind == "wave" for i in bob.queue._items))
    assert {value["id"]: value["call"] for value in told(ann)} == {"ann": "c-1", "bob": None}
    assert {value["id"]: value["call"] for value in told(bob)} == {"ann": None, "bob": "c-2"}


async def test_who_leads_the_team_sees_its_calls_and_others_presence(room):
    boss, other = room.page("boss", Role.SUPERVISOR), room.page("other", Role.SUPERVISOR, "south")
    room.agent("ann", call="c-1")
    await until(lambda: all(page.queue._items[-1].kind for page in (boss, other)))
    assert [value["call"] for value in told(boss)] == ["c-1"]
    assert [value["call"] for value in told(other)] == [None]


async def test_pages_are_served_a_few_at_a_time_and_those_who_lead_first(room, monkeypatch):
    monkeypatch.setattr("agent_console.server.waves.WAVE_S", 0.05)
    order: list[str] = []
    pages = [room.page(f"a{n}") for n in range(20)] + [room.page("boss", Role.SUPERVISOR)]
    for page in pages:
        page.queue.wave = lambda _bodies, name=page.id: order.append(name)
    room.agent("x")
    await asyncio.sleep(0)
    assert order == []
    await until(lambda: order)
    assert order[0] == "pg-boss"
    assert len(order) < 10
    await until(lambda: len(order) == 21)
    assert sorted(order) == sorted(page.id for page in pages)


async def test_a_page_whose_snapshot_is_newer_does_not_get_the_wave(room):
    room.page("ann")
    room.agent("x")
    await until(lambda: room.console._waves.number == 1)
    late = room.page("late")
    room.agent("y")
    await until(lambda: told(late) != [])
    assert room.console._waves.number == 2


async def test_what_is_gone_is_not_brought_back(room):
    ann = room.page("ann")
    room.agent("x")
    room.change("agent", "x", None)
    room.agent("y")
    await until(lambda: any(item.kind == "wave" for item in ann.queue._items))
    assert [value and value["id"] for value in told(ann)] == [None, "y"]


async def test_a_new_core_begins_with_snapshots_alone(room):
    ann = room.page("ann")
    room.agent("x")
    room.console.on_snapshot(Snapshot("e2", 0, {"agent": ({"id": "x", "team": "north", "state": "AUX", "call": None},)}))
    room.change("queue", "repairs", {"id": "repairs", "waiting": 1})
    await until(lambda: any(item.kind == "wave" for item in ann.queue._items))
    assert [value["id"] for value in told(ann)] == ["repairs"]


async def test_a_call_is_told_to_those_it_concerns_and_to_those_who_were_shown_it(room):
    ann, bob, boss = room.page("ann"), room.page("bob"), room.page("boss", Role.SUPERVISOR)
    for agent in ("ann", "bob", ""):
        room.change("call", "c-1", {"id": "c-1", "agent": agent or None, "direction": "in", "queue": "repairs"})
    assert [value and value["agent"] for value in told(ann)] == ["ann", None]
    assert [value and value["agent"] for value in told(bob)] == ["bob", None]
    assert [value["agent"] for value in told(boss)] == ["ann", "bob", None]
    assert re.fullmatch("pg-boss", *room.console._viewers["c-1"])
