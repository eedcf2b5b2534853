"""Callbacks that come up by themselves, on both databases: nobody's heap of old ones hides what is due now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from agent_console.server.actor import Actor
from agent_console.server.pages import Page
from crm_core.callbacks.models import Callback
from crm_core.callbacks.service import MOST_OF_ONE
from crm_core.people.service import Role
from tests.support.office import Office

NOW = datetime(2020, 3, 2, 1, 0, tzinfo=UTC)
WHO = Actor("u-agent1024", "agent1024", "Agent", Role.AGENT, None, "zh", False, "agt-1024", "1024", "s-1", "cookie")


async def promised(desk: Office, name: str, due: datetime, agent: str | None) -> None:
    async with desk.uow.write() as session:
        session.add(
            Callback(id=name, number="+8613800138000", due_at=due, agent_id=agent, created_at=NOW, created_by="u-agent1024")
        )


async def due(desk: Office, *agents: str) -> list[str]:
    return [each.id for each in await desk.api.deps.callbacks.due(NOW, agents)]


@pytest.mark.parametrize("heap", ["agt-1025", None])
async def test_a_hundred_old_ones_of_others_hide_none_of_his(desk: Office, heap: str | None):
    for n in range(MOST_OF_ONE + 5):
        await promised(desk, f"old-{n:03d}", NOW - timedelta(days=2, minutes=n), heap)
    await promised(desk, "his", NOW, "agt-1024")
    assert (await due(desk, "agt-1024", "agt-1025"))[-1] == "his"


async def test_of_too_many_of_his_own_the_newest_come_up(desk: Office):
    for n in range(MOST_OF_ONE + 5):
        await promised(desk, f"n-{n:03d}", NOW - timedelta(minutes=n), "agt-1024")
    found = await due(desk, "agt-1024")
    assert (len(found), found[0], found[-1]) == (MOST_OF_ONE, f"n-{MOST_OF_ONE - 1:03d}", "n-000")


async def test_what_belongs_to_nobody_who_is_here_is_not_read(desk: Office):
    await promised(desk, "others", NOW, "agt-1025")
    assert await due(desk, "agt-1024") == []


def callbacks_on(page: Page) -> list[dict[str, Any]]:
    """What came up on the page since it was looked at last."""
    heard = [orjson.loads(item.body) for item in page.queue._items]
    page.queue._items.clear()
    return [message["callback"] for message in heard if message["type"] == "callback_due"]


async def test_a_callback_put_to_another_time_comes_up_again_on_the_same_page(desk: Office):
    clock, console = desk.api.callback_clock, desk.api.deps.console
    page = Page("pg-1", WHO, NOW, 0.0)
    console.pages.open(page)
    await promised(desk, "his", NOW, "agt-1024")
    for _ in range(2):
        await clock.look()
    assert [each["id"] for each in callbacks_on(page)] == ["his"]
    async with desk.uow.write() as session:
        (await session.get_one(Callback, "his")).due_at = NOW + timedelta(hours=1)
    for _ in range(2):
        await clock.look()
    assert [each["due_at"] for each in callbacks_on(page)] == ["2020-03-02T02:00:00.000Z"]


async def test_a_callback_that_was_changed_comes_up_again_only_while_it_is_open(desk: Office):
    clock, console = desk.api.callback_clock, desk.api.deps.console
    page = Page("pg-1", WHO, NOW, 0.0)
    console.pages.open(page)
    await promised(desk, "his", NOW, "agt-1024")
    await clock.look()
    console.hint("callbacks", "his")
    await clock.look()
    assert [each["id"] for each in callbacks_on(page)] == ["his", "his"]
    async with desk.uow.write() as session:
        (await session.get_one(Callback, "his")).state = "done"
    console.hint("callbacks", "his")
    await clock.look()
    assert callbacks_on(page) == []
