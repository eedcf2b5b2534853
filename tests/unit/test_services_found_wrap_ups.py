"""Stories of a core that comes back to ended calls, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.services.entities import call_entity
from tests.support.floor import running, until, world
from tests.support.restarts import open_pages, second_core


async def _wrapping_up(w):
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
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
        await w.journal.cut((await w.journal.of_call(call.id))[1].seq)
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        assert (second.house.floor.calls, second.agent("ann").call) == ({}, None)


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
