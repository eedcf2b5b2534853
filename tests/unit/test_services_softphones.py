"""Softphone accounts: one in hand, never twice, the old one dead, and what a killed core has left cleared away."""

from __future__ import annotations

import asyncio

import pytest

from cti.ports.accounts import EndpointClass
from cti.ports.consoles import CommandRefused
from cti.ports.telephony import SwitchUnavailable
from tests.support.floor import World, running, until, world

LEFT = "w0123456789abcdef"


def of_nobody(w: World) -> set[str]:
    return set(w.accounts.live) - {agent.endpoint for agent in w.house.floor.agents.values()}


async def in_hand(w: World) -> str:
    await until(lambda: len(of_nobody(w)) == 1)
    return next(iter(of_nobody(w)))


async def test_the_account_in_hand_is_given_to_one_page_alone(tmp_path):
    async with world(tmp_path) as w:
        spare = await in_hand(w)
        w.employ("ann")
        w.employ("bob")
        assert await w.softphone("ann") == spare
        assert await w.softphone("bob") != spare
        assert await in_hand(w) not in {spare, w.agent("bob").endpoint}


async def test_a_plain_account_is_never_the_one_in_hand(tmp_path):
    async with world(tmp_path) as w:
        spare = await in_hand(w)
        account = await w.core.sessions.softphones.take(EndpointClass.PLAIN)
        assert account.endpoint.startswith("p")
        assert spare in w.accounts.live


async def test_the_account_of_the_page_before_dies(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        before = w.agent("ann").endpoint
        after = await w.softphone("ann")
        await until(lambda: before not in w.accounts.live)
        assert after in w.accounts.live


async def test_the_account_dies_with_the_log_out(tmp_path):
    async with world(tmp_path, retire_account=60.0) as w:
        await w.ready("ann")
        endpoint = w.agent("ann").endpoint
        await w.command("ann", "agent.logout")
        await until(lambda: endpoint not in w.accounts.live)


async def test_after_a_restart_of_the_switch_nobody_gets_an_account_of_the_old_one(tmp_path):
    async with world(tmp_path) as w:
        spare = await in_hand(w)
        w.accounts.live.clear()
        w.switch.restart()
        assert await in_hand(w) != spare
        w.employ("ann")
        assert await w.softphone("ann") in w.accounts.live


async def test_what_a_killed_core_has_left_is_cleared_away_and_nothing_else(tmp_path):
    w = World(tmp_path)
    w.accounts.live |= {LEFT: "s", "trunk2": "s", "bench001": "s"}
    w.house.floor.bind_endpoint(w.employ("ann"), "wfedcba9876543210")
    w.accounts.live["wfedcba9876543210"] = "s"
    async with running(w):
        await until(lambda: LEFT not in w.accounts.live)
        assert {"trunk2", "bench001", "wfedcba9876543210"} <= set(w.accounts.live)


async def test_a_switch_that_makes_no_account_is_said_and_the_next_page_has_one(tmp_path):
    async with world(tmp_path) as w:
        w.employ("ann")
        await in_hand(w)
        w.accounts.away = True
        await w.softphone("ann")
        with pytest.raises(SwitchUnavailable):
            await w.softphone("ann")
        w.accounts.away = False
        assert await w.softphone("ann") in w.accounts.live


async def test_an_account_that_the_switch_does_not_take_back_is_tried_until_it_does(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        endpoint = w.agent("ann").endpoint
        w.accounts.away = True
        await w.command("ann", "agent.logout")
        await until(lambda: w.accounts.refused >= 2)
        assert endpoint in w.accounts.live
        w.accounts.away = False
        await until(lambda: endpoint not in w.accounts.live)


async def test_an_account_made_while_its_agent_went_home_dies(tmp_path):
    async with world(tmp_path, spare_account=60.0) as w:
        await w.ready("ann")
        before = set(w.accounts.live)
        w.accounts.gate.clear()
        asked = asyncio.ensure_future(w.command("ann", "softphone.mint", page="page-ann"))
        await until(lambda: w.accounts.waiting)
        await w.command("ann", "agent.logout")
        w.accounts.gate.set()
        with pytest.raises(CommandRefused, match="wrong_state"):
            await asked
        await until(lambda: not set(w.accounts.live) - before)
        assert w.agent("ann").endpoint == ""


async def test_no_page_gets_an_account_of_a_switch_that_is_away(tmp_path):
    async with world(tmp_path) as w:
        spare = await in_hand(w)
        w.switch.disconnect()
        await until(lambda: not w.core.board.switch_up)
        assert (await w.core.sessions.softphones.take(EndpointClass.WEBRTC)).endpoint != spare
