"""Stories of a core that comes back while a phone rings, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from tests.support.floor import running, until, world
from tests.support.restarts import second_core


async def test_a_ring_from_before_is_not_rung_again(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
    rings = len(w.asked("redirect"))
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        second.core.pages.opened(second.agent("ann"), "page-ann")
        assert len(w.asked("redirect")) == rings
        w.switch.agent_answers(second.agent("ann").endpoint)
        await until(lambda: second.agent("ann").state is AgentState.ON_CALL)
        assert second.house.floor.calls[call.id].state is CallState.TALKING


async def _ringing_at_ann(tmp_path):
    """A second core that comes while ann's phone rings; her page is open again."""
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
    second = await second_core(tmp_path, w.switch)
    return second, second.house.floor.calls[call.id], second.agent("ann")


async def test_a_ring_from_before_that_nobody_answers_makes_its_agent_aux_and_the_caller_is_offered_on(tmp_path):
    second, call, ann = await _ringing_at_ann(tmp_path)
    async with running(second):
        second.core.pages.opened(ann, "page-ann")
        assert second.core.offers.acd.position(call.id) == 1
        second.switch.ring_times_out(ann.endpoint)
        await until(lambda: ann.state is AgentState.AUX)
        assert ann.reason == "no_answer"
        await second.ready("bob")
        await second.talk("bob", call)


async def test_a_caller_who_hangs_up_in_a_ring_from_before_sets_its_agent_free_at_once(tmp_path):
    second, call, ann = await _ringing_at_ann(tmp_path)
    async with running(second):
        second.core.pages.opened(ann, "page-ann")
        second.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.READY)
        assert (call.record.end_reason, list(second.house.floor.calls)) == ("abandoned", [])
        await second.talk("ann", await second.calls_in())


async def test_an_answered_ring_from_before_leaves_the_queue(tmp_path):
    second, call, ann = await _ringing_at_ann(tmp_path)
    async with running(second):
        second.core.pages.opened(ann, "page-ann")
        second.switch.agent_answers(ann.endpoint)
        await until(lambda: ann.state is AgentState.ON_CALL)
        assert (second.core.offers.acd.position(call.id), call.offer) == (None, None)


async def test_a_resume_ring_from_before_that_fails_offers_the_caller_on(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.core.pages.missed(ann)
        await until(lambda: call.holding)
        w.core.pages.opened(ann, "page-ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
    second = await second_core(tmp_path, w.switch, hold_for_agent=60.0)
    async with running(second):
        second.core.pages.opened(second.agent("ann"), "page-ann")
        w.switch.agent_declines(ann.endpoint)
        await until(lambda: second.house.floor.calls[call.id].state is CallState.WAITING)
        assert second.agent("ann").state is AgentState.AUX
        assert [action[2] for action in w.asked("redirect")].count("cti-again") == 1
