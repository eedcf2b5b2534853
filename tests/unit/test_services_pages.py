"""Pages that freeze, break and come back while their agents are in calls."""

from __future__ import annotations

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.services.state import Call
from tests.support.floor import World, until, world


async def _talking(w: World) -> Call:
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
    return call


async def _frozen_in_a_call(w: World) -> Call:
    call = await _talking(w)
    w.core.pages.missed(w.agent("ann"))
    await until(lambda: call.state is CallState.LOST_AGENT and call.holding)
    return call


async def _consulting(w: World) -> Call:
    await w.ready("eve", "hotline", role="hotline_engineer")
    call = await _talking(w)
    await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
    await until(lambda: w.switch.ringing(w.agent("eve").endpoint))
    w.switch.agent_answers(w.agent("eve").endpoint)
    await until(lambda: w.agent("eve").state is AgentState.ON_CALL)
    return call


async def test_a_frozen_page_that_thaws_gets_its_caller_back_without_registering_anew(tmp_path):
    async with world(tmp_path) as w:
        call, ann = await _frozen_in_a_call(w), w.agent("ann")
        w.core.pages.opened(ann, "page-ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
        w.switch.agent_answers(ann.endpoint)
        await until(lambda: ann.state is AgentState.ON_CALL)
        assert (call.state, call.record.holder, w.kinds(call)[-1]) == (CallState.TALKING, "ann", "call.reattached")


async def test_a_page_that_thaws_before_the_music_plays_gets_its_caller_back_too(tmp_path):
    async with world(tmp_path) as w:
        call, ann = await _talking(w), w.agent("ann")
        w.core.pages.missed(ann)
        w.core.pages.opened(ann, "page-ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
        w.switch.agent_answers(ann.endpoint)
        await until(lambda: call.state is CallState.TALKING)


async def test_a_page_whose_line_broke_for_a_moment_gets_its_caller_back(tmp_path):
    async with world(tmp_path) as w:
        call, ann = await _talking(w), w.agent("ann")
        w.core.pages.gone(ann, "page-ann")
        await until(lambda: call.holding)
        w.core.pages.opened(ann, "page-ann")
        await until(lambda: w.switch.ringing(ann.endpoint))


async def test_a_page_that_acknowledges_too_late_is_there_again(tmp_path):
    """A tab that stood still for a second or two: its beat was never missed."""
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        w.console.frozen.add("page-ann")
        call = await w.calls_in()
        await until(lambda: ann.state is AgentState.LOST)
        w.console.frozen.clear()
        w.core.pages.acknowledged("page-ann", str(w.console.pops("page-ann")[0]["nonce"]))
        await w.talk("ann", call)


async def test_a_late_acknowledgement_of_a_page_without_a_line_waits_for_the_line(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        w.console.frozen.add("page-ann")
        await w.calls_in()
        await until(lambda: ann.state is AgentState.LOST)
        ann.registered = False
        w.core.pages.acknowledged("page-ann", str(w.console.pops("page-ann")[0]["nonce"]))
        assert ann.state is AgentState.LOST


async def test_the_dead_softphone_of_a_reloaded_page_is_not_rung(tmp_path):
    async with world(tmp_path) as w:
        call, ann = await _frozen_in_a_call(w), w.agent("ann")
        w.core.pages.opened(ann, "another-page")
        assert (call.offer, ann.state) == (None, AgentState.LOST)


async def test_an_agent_whose_page_thaws_too_late_is_not_lost_for_ever(tmp_path):
    async with world(tmp_path, hold_for_agent=0.5) as w:
        call, ann = await _frozen_in_a_call(w), w.agent("ann")
        await until(lambda: call.state is CallState.WAITING)
        assert ann.state is AgentState.LOST
        w.core.pages.opened(ann, "page-ann")
        assert (ann.state, ann.reason) == (AgentState.AUX, "page_back")


async def test_an_agent_who_lost_only_his_media_is_back_when_his_caller_is_given_on(tmp_path):
    async with world(tmp_path, hold_for_agent=0.5) as w:
        call, ann = await _talking(w), w.agent("ann")
        w.switch.media_lost(call.agent_leg)
        await until(lambda: ann.state is AgentState.LOST)
        await until(lambda: call.state is CallState.WAITING)
        assert (ann.state, ann.reason, ann.call) == (AgentState.AUX, "page_back", None)


async def test_an_agent_whose_resume_fails_is_not_lost_for_ever(tmp_path):
    async with world(tmp_path) as w:
        _, ann = await _frozen_in_a_call(w), w.agent("ann")
        w.core.pages.opened(ann, "page-ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
        w.switch.agent_declines(ann.endpoint)
        await until(lambda: ann.state is AgentState.AUX)


async def test_a_page_that_freezes_again_in_its_resume_stays_lost(tmp_path):
    async with world(tmp_path) as w:
        call, ann = await _frozen_in_a_call(w), w.agent("ann")
        w.core.pages.opened(ann, "page-ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
        w.core.pages.missed(ann)
        w.switch.ring_times_out(ann.endpoint)
        await until(lambda: call.state is CallState.WAITING)
        assert ann.state is AgentState.LOST


async def test_an_engineer_who_reloads_in_a_consult_is_not_lost_for_ever(tmp_path):
    async with world(tmp_path) as w:
        call, eve = await _consulting(w), w.agent("eve")
        assert call.consult is not None
        leg = call.consult.leg
        w.core.pages.gone(eve, "page-eve")
        w.core.pages.opened(eve, "page-eve")
        await w.softphone("eve")
        assert eve.state is AgentState.LOST
        w.switch.hang_up(leg)
        await until(lambda: eve.state is AgentState.AUX)
        assert w.agent("ann").state is AgentState.ON_CALL
