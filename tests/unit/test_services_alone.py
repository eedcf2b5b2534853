"""Stories of callers whom the last of those who talked to them has left, told to a whole core on a FakeSwitch."""

from __future__ import annotations

import pytest

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.telephony import ActionRefused
from tests.support.floor import running, until, world
from tests.support.restarts import open_pages, second_core
from tests.support.talking import consulting, handed_over, talking

NO_HEARTBEAT = 38  # what cti-agenthold hangs up with


async def _compare(w, call):
    """As the next audit of a call that has stood still."""
    call.touched = None
    w.core.resync.audit(await w.switch.snapshot())


async def _on_hold(w, **limits):
    call = await talking(w, **limits)
    await w.command("ann", "call.hold", call=call.id)
    await until(lambda: call.agent_parked and call.holding)
    return call


async def _given_back(w, call):
    """To the same agent, whose page answers by itself."""
    await until(lambda: w.switch.where(call.customer) == "cti-again" and w.switch.ringing(w.agent("ann").endpoint))
    w.switch.agent_answers(w.agent("ann").endpoint)
    await until(lambda: call.state is CallState.TALKING and w.switch.partner_of(call.customer) == call.agent_leg != "")
    assert (w.agent("ann").state, w.agent("ann").call) == (AgentState.ON_CALL, call.id)


# ---- rooms ----------------------------------------------------------------------------------------------------------


async def test_an_engineer_who_hangs_up_before_the_caller_has_come_into_the_room_ends_the_call(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        w.switch.hang_up(call.agent_leg)  # the caller is the engineer's,
        w.switch.hang_up(call.consult.leg)  # who does not wait for him
        await until(lambda: call.state is CallState.ENDED)
        assert call.record.ended_by == "agent"
        await until(lambda: not w.switch.where(call.customer))


async def test_a_caller_alone_in_a_room_is_given_back_at_the_next_comparison(tmp_path):
    """Nobody told that the engineer's leg went."""
    async with world(tmp_path, hold_for_agent=20.0) as w:
        call = await talking(w)
        await handed_over(w, call)
        w.switch._plan.channels.pop(call.agent_leg)
        await _compare(w, call)
        await until(lambda: w.switch.where(call.customer) == "cti-again")
        assert (call.kept_for, w.agent("eve").call) == ("eve", call.id)


async def test_a_caller_in_a_room_with_somebody_is_left_there(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await handed_over(w, call)
        await _compare(w, call)
        assert (call.state, w.switch.where(call.customer)) == (CallState.TALKING, "cti-room-caller")


async def test_a_caller_found_alone_in_a_room_by_a_restarted_core_is_given_back(tmp_path):
    async with world(tmp_path) as w:
        before = await talking(w)
        await handed_over(w, before)
    w.switch._plan.channels.pop(before.agent_leg)
    second = await second_core(tmp_path, w.switch, ("ann", "eve"), hold_for_agent=20.0)
    async with running(second):
        open_pages(second, "ann", "eve")
        call = second.house.floor.calls[before.id]
        await until(lambda: call.state is CallState.LOST_AGENT and w.switch.where(call.customer) == "cti-again")
        assert call.kept_for == "eve"


@pytest.mark.parametrize("way", ["three_way", "complete", "cancel"])
async def test_a_caller_whom_the_switch_did_not_bring_is_sent_again(tmp_path, way):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        w.switch.fail_next("redirect", ActionRefused("Redirect", "no answer"))
        await w.command("ann", f"consult.{way}", call=call.id)
        await until(lambda: w.house.floor.doubted is not None)
        assert (call.in_room, w.switch.where(call.customer)) == ("", "cti-hold")
        await _compare(w, call)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert call.state is (CallState.CONFERENCE if way == "three_way" else CallState.TALKING)


# ---- hold without a heartbeat -----------------------------------------------------------------------------------------


async def test_a_held_caller_who_left_for_the_emergency_queue_comes_back_to_his_hold(tmp_path):
    async with world(tmp_path) as w:
        call = await _on_hold(w, engineer=False)
        w.switch.falls_back(call.customer)
        await until(lambda: w.switch.where(call.customer) == "cti-hold" and call.holding)
        await w.command("ann", "call.resume", call=call.id)
        await until(lambda: w.switch.partner_of(call.customer) == call.agent_leg != "")


@pytest.mark.parametrize("first", ["customer", "agent"])
async def test_a_held_caller_whose_agents_leg_went_for_want_of_a_heartbeat_is_given_back(tmp_path, first):
    """The one leaves for the emergency queue, the other is hung up; which comes first, the loops' passes decide."""
    async with world(tmp_path, hold_for_agent=20.0) as w:
        call = await _on_hold(w, engineer=False)
        leaves = [lambda: w.switch.falls_back(call.customer), lambda leg=call.agent_leg: w.switch.hang_up(leg, NO_HEARTBEAT)]
        for leave in leaves if first == "customer" else reversed(leaves):
            leave()
        await _given_back(w, call)
        assert "call.agent_left" in w.kinds(call)


async def test_a_restarted_core_gives_a_held_caller_in_the_emergency_queue_back_to_his_agent(tmp_path):
    async with world(tmp_path) as w:
        before = await _on_hold(w, engineer=False)
        leg = before.agent_leg
    w.switch.disconnect()  # nobody hears what comes now
    w.switch.falls_back(before.customer)
    w.switch.hang_up(leg, NO_HEARTBEAT)
    second = await second_core(tmp_path, w.switch, hold_for_agent=20.0)
    async with running(second):
        open_pages(second, "ann")
        await _given_back(second, second.house.floor.calls[before.id])


async def test_a_held_caller_whom_another_agent_has_from_the_emergency_queue_is_that_ones(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("bob")
        before = await w.calls_in()
        await w.talk("bob", before)
        await w.ready("ann")
        await w.command("bob", "call.hold", call=before.id)
        await until(lambda: before.agent_parked and before.holding)
        leg = before.agent_leg
    w.switch.disconnect()  # nobody hears what comes now
    w.switch.falls_back(before.customer)
    w.switch.hang_up(leg, NO_HEARTBEAT)
    customer = w.switch._plan.channels[before.customer]
    w.switch._plan.answered(w.switch._plan.ring(w.agent("ann").endpoint, customer, before.id))
    second = await second_core(tmp_path, w.switch, ("ann", "bob"))
    async with running(second):
        open_pages(second, "ann", "bob")
        call, ann, bob = second.house.floor.calls[before.id], second.agent("ann"), second.agent("bob")
        assert (call.state, call.record.holder, ann.state, ann.call) == (CallState.TALKING, "ann", AgentState.ON_CALL, call.id)
        assert (bob.state, bob.call) == (AgentState.WRAP_UP, call.id)
        w.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.WRAP_UP)


async def test_whose_caller_is_answered_by_somebody_else_is_free(tmp_path):
    """In the emergency queue his agent is one of many."""
    async with world(tmp_path, hold_for_agent=20.0) as w:
        await w.ready("bob")
        call = await w.calls_in()
        await w.talk("bob", call)
        await w.ready("ann")
        w.core.pages.gone(w.agent("bob"), "page-bob")
        await until(lambda: call.state is CallState.LOST_AGENT and call.holding)
        customer = w.switch._plan.channels[call.customer]
        w.switch._plan.answered(w.switch._plan.ring(w.agent("ann").endpoint, customer, call.id))
        await until(lambda: call.state is CallState.TALKING)
        assert (w.agent("ann").call, w.agent("bob").call) == (call.id, None)
        w.core.pages.opened(w.agent("bob"), "page-bob")
        await w.softphone("bob")
        await until(lambda: w.agent("bob").state in (AgentState.READY, AgentState.AUX))


async def test_a_caller_whose_agent_asks_an_engineer_is_not_offered_to_anybody_else(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await w.ready("bob")
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        w.switch.falls_back(call.customer)
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert (call.state, call.offer, w.agent("bob").state) == (CallState.CONSULTING, None, AgentState.READY)
        await w.command("ann", "consult.complete", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")


# ---- causes -----------------------------------------------------------------------------------------------------------


async def test_how_an_earlier_leg_ended_says_nothing_of_a_later_one(tmp_path):
    """Of the first leg only its end was told. Of the second the customer's part comes first, then that its media were lost."""
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        w.core.talks._left_cause[call.id] = 16
        w.switch._plan.tell(w.switch._plan.channels[call.customer], "CTIAgentLeft")
        w.switch.media_lost(call.agent_leg)
        await until(lambda: call.state is CallState.LOST_AGENT)
        assert call.record.ended_by == ""
