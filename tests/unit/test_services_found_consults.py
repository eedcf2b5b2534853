"""Stories of a consult under way while the core dies and comes back, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from tests.support.floor import running, until, world
from tests.support.restarts import open_pages, second_core


async def test_a_restarted_core_can_end_a_consult_that_it_finds(tmp_path):
    async with world(tmp_path) as w:
        call = await _consulting(w)
    second = await second_core(tmp_path, w.switch, ("ann", "eve"))
    async with running(second):
        again = second.house.floor.calls[call.id]
        for name in ("ann", "eve"):
            second.core.pages.opened(second.agent(name), f"page-{name}")
        assert again.consult is not None
        await second.command("ann", "consult.complete", call=call.id)
        await until(lambda: w.switch.where(again.customer) == "cti-room-caller")
        assert (again.record.engineer, second.agent("eve").state) == ("eve", AgentState.ON_CALL)


async def _consulting(w):
    call = await _eve_rings(w)
    w.switch.agent_answers(w.agent("eve").endpoint)
    await until(lambda: call.consult is not None and call.consult.state == "talking")
    return call


async def _eve_rings(w):
    await w.ready("eve", "hotline", role="hotline_engineer")
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
    await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
    await until(lambda: w.switch.ringing(w.agent("eve").endpoint))
    return call


async def _back_in_a_consult(tmp_path, switch, call, **changes):
    second = await second_core(tmp_path, switch, ("ann", "eve"), **changes)
    return second, second.house.floor.calls[call.id], second.agent("ann"), second.agent("eve")


async def test_the_leg_of_who_gave_the_caller_over_does_not_stay_in_the_room(tmp_path):
    """The core died between the fact and the hang-up."""
    async with world(tmp_path) as w:
        before = await _consulting(w)
        w.switch.fail_next("hangup")
        left = before.agent_leg
        await w.command("ann", "consult.complete", call=before.id)
        await until(lambda: w.switch.where(before.customer) == "cti-room-caller" and not w.switch.fails_next)
    second, call, ann, _eve = await _back_in_a_consult(tmp_path, w.switch, before)
    async with running(second):
        await until(lambda: not w.switch.where(left))
        assert (call.record.holder, call.state, ann.state) == ("eve", CallState.TALKING, AgentState.WRAP_UP)
        assert w.switch.where(call.customer) == "cti-room-caller"
        assert w.switch.where(call.agent_leg) == "cti-room-agent"


async def test_an_engineer_who_rings_while_the_core_is_away_can_answer(tmp_path):
    async with world(tmp_path) as w:
        before = await _eve_rings(w)
    second, call, ann, eve = await _back_in_a_consult(tmp_path, w.switch, before)
    async with running(second):
        open_pages(second, "ann", "eve")
        assert (call.consult.engineer, call.consult.state, ann.state) == ("eve", "ringing", AgentState.CONSULTING)
        w.switch.agent_answers(eve.endpoint)
        await until(lambda: call.consult.state == "talking" and eve.state is AgentState.ON_CALL)
        await second.command("ann", "consult.complete", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert call.record.holder == "eve"


async def test_a_consult_that_rings_from_before_can_be_cancelled(tmp_path):
    async with world(tmp_path) as w:
        before = await _eve_rings(w)
    second, call, ann, eve = await _back_in_a_consult(tmp_path, w.switch, before)
    async with running(second):
        open_pages(second, "ann", "eve")
        await second.command("ann", "consult.cancel", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller" and not w.switch.ringing(eve.endpoint))
        assert (ann.state, eve.state, eve.call) == (AgentState.ON_CALL, AgentState.READY, None)


async def test_a_consult_that_rings_from_before_does_not_ring_for_ever(tmp_path):
    async with world(tmp_path) as w:
        before = await _eve_rings(w)
    second, call, ann, eve = await _back_in_a_consult(tmp_path, w.switch, before, consult_ring=0.1)
    async with running(second):
        open_pages(second, "ann", "eve")
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert (ann.state, eve.state, eve.reason) == (AgentState.ON_CALL, AgentState.AUX, "no_answer")


async def test_an_engineer_who_answered_while_the_core_was_away_is_in_the_consult(tmp_path):
    async with world(tmp_path) as w:
        before = await _eve_rings(w)
    w.switch.disconnect()
    w.switch.agent_answers(w.agent("eve").endpoint)
    second, call, ann, eve = await _back_in_a_consult(tmp_path, w.switch, before)
    async with running(second):
        assert (call.consult.state, eve.state, ann.state) == ("talking", AgentState.ON_CALL, AgentState.CONSULTING)
        assert second.kinds(call) == ["consult.answered"]


async def test_a_consult_whose_engineer_left_while_the_core_was_away_gives_the_caller_back(tmp_path):
    async with world(tmp_path) as w:
        before = await _consulting(w)
    w.switch.disconnect()
    w.switch.hang_up(before.consult.leg)
    second, call, ann, eve = await _back_in_a_consult(tmp_path, w.switch, before)
    async with running(second):
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert (call.state, call.consult, ann.state) == (CallState.TALKING, None, AgentState.ON_CALL)
        assert (eve.state, eve.call) == (AgentState.READY, None)


async def test_a_consult_whose_agent_left_while_the_core_was_away_is_the_engineers(tmp_path):
    async with world(tmp_path) as w:
        before = await _consulting(w)
    w.switch.disconnect()
    w.switch.hang_up(before.agent_leg)
    second, call, ann, eve = await _back_in_a_consult(tmp_path, w.switch, before)
    async with running(second):
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert (call.record.holder, ann.state, eve.state) == ("eve", AgentState.WRAP_UP, AgentState.ON_CALL)


async def test_a_consult_that_both_left_while_the_core_was_away_keeps_the_caller_for_his_agent(tmp_path):
    async with world(tmp_path) as w:
        before = await _eve_rings(w)
    w.switch.disconnect()
    w.switch.hang_up(before.agent_leg)
    second, call, ann, eve = await _back_in_a_consult(tmp_path, w.switch, before)
    async with running(second):
        assert (call.state, call.kept_for, ann.state, eve.state) == (
            CallState.LOST_AGENT,
            "ann",
            AgentState.LOST,
            AgentState.READY,
        )
        await until(lambda: call.holding and not w.switch.ringing(eve.endpoint))
        open_pages(second, "ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
