"""Stories of hold and resume, and of moves that the switch refuses, told to a whole core on a FakeSwitch."""

from __future__ import annotations

import pytest

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.telephony import ActionRefused
from cti.services.state import Joining
from tests.support.floor import until, world
from tests.support.talking import talking


async def test_a_resume_in_the_same_breath_as_the_hold_is_carried_out(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        for _ in range(3):
            await w.command("ann", "call.hold", call=call.id)
            await w.command("ann", "call.resume", call=call.id)
            await until(lambda: call.state is CallState.TALKING)
            await until(lambda: w.switch.partner_of(call.customer) == call.agent_leg != "")


async def test_who_hangs_up_while_his_caller_is_on_hold_ends_the_call(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: call.agent_parked and call.holding)
        w.switch.hang_up(call.agent_leg)
        await until(lambda: call.state is CallState.ENDED)
        assert call.record.ended_by == "agent"


async def test_a_hold_that_the_switch_refuses_leaves_them_talking(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        w.switch.fail_next("redirect")
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: call.state is CallState.TALKING)
        assert w.switch.partner_of(call.customer) == call.agent_leg


async def test_a_resume_that_the_switch_refuses_leaves_the_call_on_hold_and_can_be_asked_for_again(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: call.agent_parked and call.holding)
        w.switch.fail_next("bridge", ActionRefused("Bridge", "Unable to add Channel1 to bridge"))
        await w.command("ann", "call.resume", call=call.id)
        await until(lambda: call.state is CallState.HELD and w.asked("set_variable")[-1][-1] == "hold")
        await w.command("ann", "call.resume", call=call.id)
        await until(lambda: w.switch.partner_of(call.customer) == call.agent_leg != "")
        assert call.state is CallState.TALKING


@pytest.mark.parametrize("command", ["consult.start", "call.hold"])
async def test_what_is_asked_for_between_the_answer_and_the_bridge_waits_for_the_bridge(tmp_path, command):
    async with world(tmp_path) as w:
        w.switch.joins_after(0.8)  # less than the core waits for it
        call = await talking(w)
        assert not w.switch.partner_of(call.customer)
        await w.command(
            "ann", command, call=call.id, **({"target": {"kind": "any_engineer"}} if command == "consult.start" else {})
        )
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert w.switch.where(call.agent_leg) == ("cti-room-agent" if command == "consult.start" else "cti-agenthold")


async def test_a_bridge_that_nobody_told_of_delays_one_move_and_not_each(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        call.joining = Joining({"a-leg-whose-event-was-lost"})
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert call.joining is None


@pytest.mark.parametrize("command", ["consult.start", "call.hold"])
async def test_a_leg_that_the_switch_lost_in_a_move_is_missed_soon(tmp_path, command):
    """The caller is on music, his agent's leg gone, and the core thinks that they talk: it compares, and gives him back."""
    async with world(tmp_path, hold_for_agent=20.0) as w:
        w.switch.joins_after(9.0)
        call = await talking(w)
        call.joining = None  # as if both were in their bridge
        await w.command(
            "ann", command, call=call.id, **({"target": {"kind": "any_engineer"}} if command == "consult.start" else {})
        )
        await until(lambda: w.switch.where(call.customer) == "cti-again", 8)
        w.switch.joins_after(0.0)
        w.switch.agent_answers(w.agent("ann").endpoint)
        await until(lambda: call.state is CallState.TALKING and w.switch.partner_of(call.customer) == call.agent_leg != "")
        assert w.agent("eve").state is AgentState.READY
