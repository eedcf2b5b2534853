"""Stories of a core that comes back to ended calls, told to a whole core on a FakeSwitch."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from datetime import timedelta

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.services.entities import agent_entity, call_entity
from tests.support.floor import running, until, world
from tests.support.restarts import open_pages, second_core


async def _talking(w):
    call = await w.calls_in()
    await w.talk("ann", call)
    return call


async def _wrapping_up(w):
    await w.ready("ann")
    call = await _talking(w)
    w.switch.hang_up(call.customer)
    await until(lambda: w.agent("ann").state is AgentState.WRAP_UP)
    return call


async def test_a_wrap_up_goes_on_after_a_restart_of_the_core(tmp_path):
    async with world(tmp_path) as w:
        before = await _wrapping_up(w)
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        call, ann = second.house.floor.calls[before.id], second.agent("ann")
        open_pages(second, "ann")
        assert (ann.state, ann.call, call.state) == (AgentState.WRAP_UP, call.id, CallState.ENDED)
        assert call_entity(second.house, call)["state"] == "wrap_up"
        await second.command("ann", "wrapup.finish", call=call.id, disposition="solved")
        assert (call.record.disposition, ann.state) == ("solved", AgentState.READY)
        await until(lambda: second.console.entities.get(("call", call.id), call) is None)
        assert second.house.floor.calls == {}


async def test_a_page_that_was_reloading_in_its_wrap_up_when_the_core_died_finds_it_again(tmp_path):
    async with world(tmp_path) as w:
        before = await _wrapping_up(w)
        w.core.pages.gone(w.agent("ann"), "page-ann")
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        open_pages(second, "ann")
        assert (second.agent("ann").state, second.agent("ann").call) == (AgentState.WRAP_UP, before.id)


async def test_a_call_that_the_journal_has_cut_is_not_half_restored(tmp_path):
    async with world(tmp_path) as w:
        call = await _wrapping_up(w)
        await w.house.recorder.commit()
        with contextlib.closing(sqlite3.connect(tmp_path / "journal.sqlite3")) as db, db:
            db.execute("DELETE FROM facts WHERE seq = (SELECT min(seq) FROM facts WHERE call = ?)", (call.id,))
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        assert (second.house.floor.calls, second.agent("ann").call) == ({}, None)


async def test_the_journal_keeps_a_call_that_is_still_written_up(tmp_path):
    async with world(tmp_path) as w:
        call = await _wrapping_up(w)
        await w.house.recorder.commit()
        facts = await w.journal.of_call(call.id)
        await w.journal.cut(facts[-1].seq + 100)
        assert await w.journal.of_call(call.id) == facts
        await w.command("ann", "wrapup.finish", call=call.id, disposition="solved")
        await w.house.recorder.commit()
        await w.journal.cut(facts[-1].seq + 100)
        assert await w.journal.of_call(call.id) == []


async def test_a_wrap_up_has_what_is_left_of_its_time_after_a_restart(tmp_path):
    async with world(tmp_path, wrap_up=60.0) as w:
        await _wrapping_up(w)
        ends = w.agent("ann").wrap_up_until
    async with running(await second_core(tmp_path, w.switch, wrap_up=60.0)) as second:
        assert abs(second.agent("ann").wrap_up_until - ends) < timedelta(seconds=0.5)


async def test_a_longer_wrap_up_stays_longer_after_a_restart_and_a_new_one_does_not(tmp_path):
    async with world(tmp_path, wrap_up=60.0) as w:
        await _wrapping_up(w)
        await w.command("ann", "wrapup.extend", seconds=600)
        ends = w.agent("ann").wrap_up_until
    async with running(await second_core(tmp_path, w.switch, wrap_up=60.0)) as second:
        open_pages(second, "ann")
        assert abs(second.agent("ann").wrap_up_until - ends) < timedelta(seconds=0.5)
        await second.command("ann", "wrapup.finish", call=second.agent("ann").call, disposition="solved")
        w.switch.hang_up((await _talking(second)).customer)
        await until(lambda: second.agent("ann").state is AgentState.WRAP_UP)
    async with running(await second_core(tmp_path, w.switch, epoch="e3", wrap_up=60.0)) as third:
        left = third.agent("ann").wrap_up_until - third.house.clock.now()
        assert left < timedelta(seconds=61)


async def test_a_wrap_up_whose_end_came_while_the_core_was_away_is_given_a_moment(tmp_path):
    async with world(tmp_path, wrap_up=0.5) as w:
        await _wrapping_up(w)
    await asyncio.sleep(0.6)
    async with running(await second_core(tmp_path, w.switch, wrap_up=0.5, api_away=10.0)) as second:
        assert second.agent("ann").wrap_up_until > second.house.clock.now() + timedelta(seconds=10)


async def test_the_break_chosen_while_talking_comes_after_a_restart_too(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await _talking(w)
        await w.command("ann", "agent.state", state="AUX", reason="break")
    async with running(await second_core(tmp_path, w.switch)) as second:
        open_pages(second, "ann")
        assert agent_entity(second.agent("ann"))["next"] == {"state": "AUX", "reason": "break"}
        w.switch.hang_up(call.customer)
        await until(lambda: second.agent("ann").state is AgentState.WRAP_UP)
        await second.command("ann", "wrapup.finish", call=call.id, disposition="solved")
        assert (second.agent("ann").state, second.agent("ann").reason) == (AgentState.AUX, "break")


async def test_the_break_chosen_in_a_wrap_up_comes_after_the_call_that_is_dialled_from_it(tmp_path):
    async with world(tmp_path) as w:
        await _wrapping_up(w)
        await w.command("ann", "agent.state", state="AUX", reason="break")
        await w.command("ann", "call.dial", number="13900139000")
        await until(lambda: w.switch.ringing(w.agent("ann").endpoint))
    async with running(await second_core(tmp_path, w.switch)) as second:
        assert second.agent("ann").next == (AgentState.AUX, "break")


async def test_a_choice_that_an_unanswered_ring_has_ended_is_not_found_when_the_same_caller_rings_again(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
        await w.command("ann", "agent.state", state="AUX", reason="break")
        w.switch.ring_times_out(w.agent("ann").endpoint)
        await until(lambda: w.agent("ann").state is AgentState.AUX)
        await w.command("ann", "agent.state", state="READY")
        await w.talk("ann", call)
    async with running(await second_core(tmp_path, w.switch)) as second:
        assert (second.agent("ann").call, second.agent("ann").next) == (call.id, None)


async def test_a_choice_made_for_an_earlier_call_is_not_found_again(tmp_path):
    async with world(tmp_path) as w:
        await _wrapping_up(w)
        await w.command("ann", "agent.state", state="AUX", reason="break")
        await w.command("ann", "wrapup.finish", call=w.agent("ann").call, disposition="solved")
        await w.command("ann", "agent.state", state="READY")
        await _talking(w)
    async with running(await second_core(tmp_path, w.switch)) as second:
        assert second.agent("ann").next is None


async def test_an_ended_call_that_nobody_is_bound_to_any_more_leaves_at_the_next_audit(tmp_path):
    async with world(tmp_path) as w:
        call = await _wrapping_up(w)
        w.agent("ann").call = None
        w.core.resync.audit(await w.switch.snapshot())
        assert w.house.floor.calls == {}
        await until(lambda: w.console.entities[("call", call.id)] is None)


async def test_who_was_lost_and_whose_caller_was_given_on_is_free_after_a_restart(tmp_path):
    async with world(tmp_path, hold_for_agent=0.1) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        await w.ready("bob")
        w.core.pages.gone(w.agent("ann"), "page-ann")
        await w.talk("bob", call)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("bob").state is AgentState.WRAP_UP)
    second = await second_core(tmp_path, w.switch, ("ann", "bob"))
    assert second.agent("ann").call is None
    async with running(second):
        second.core.pages.opened(second.agent("ann"), "page-new")
        await second.softphone("ann")
        await until(lambda: second.agent("ann").state is not AgentState.LOST)
