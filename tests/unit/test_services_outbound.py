"""Stories of outbound calls and of what may be dialled, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_core.numbers import normalise
from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.consoles import CommandRefused
from cti.services.dialing import outbound_number
from tests.support.floor import World, until, world
from tests.support.talking import talking


async def test_click_to_dial_connects_and_wraps_up(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        answer = await w.command("ann", "call.dial", number="13900139000", owner="o1")
        await until(lambda: w.switch.ringing(ann.endpoint))
        w.switch.agent_answers(ann.endpoint)
        await until(lambda: w.switch.ringing("trunk"))
        w.switch.callee_answers()
        await until(lambda: ann.state is AgentState.ON_CALL)
        call = w.house.floor.calls[answer["call"]]
        assert (call.record.to, call.record.owner, call.state) == ("+8613900139000", "o1", CallState.TALKING)
        assert [leg["role"] for leg in call.record.legs] == ["agent", "callee"]
        w.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.WRAP_UP)
        assert call.record.ended_by == "caller"


async def test_a_busy_called_party_frees_the_agent(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        await w.command("ann", "call.dial", number="13900139000")
        await until(lambda: w.switch.ringing(ann.endpoint))
        w.switch.agent_answers(ann.endpoint)
        await until(lambda: w.switch.ringing("trunk"))
        w.switch.callee_declines()
        await until(lambda: ann.state is AgentState.READY)
        assert not w.switch.leg_of(ann.endpoint)


@pytest.mark.parametrize("number", ["1390&PJSIP/x", "${SHELL(x)}", "139@trunk", "139\r\nAction: x", ""])
async def test_a_hostile_number_is_refused_and_dials_nothing(tmp_path, number):
    async with world(tmp_path) as w:
        await w.ready("ann")
        with pytest.raises(CommandRefused):
            await w.command("ann", "call.dial", number=number)
        assert not w.asked("originate")


@pytest.mark.parametrize("number", ["+16505550100", "0016505550100", "00886223456789"])
def test_a_number_outside_of_what_the_centre_may_dial_is_refused(tmp_path, number):
    w = World(tmp_path)
    w.house = replace(w.house, dial_prefixes=("+86",))
    with pytest.raises(CommandRefused, match="number_not_allowed"):
        outbound_number(w.house, lambda raw, region: normalise(raw, region).e164, number)
    assert outbound_number(w.house, lambda raw, region: normalise(raw, region).e164, "13900139000") == "+8613900139000"


async def test_click_to_dial_and_transfer_ask_that_rule(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        bob = await w.ready("bob")
        w.core.transfers._house = w.core.dialing._house = replace(w.house, dial_prefixes=("+1",))
        for who, command, args in (
            ("ann", "call.blind", {"call": call.id, "target": {"kind": "number", "id": "13900139000"}}),
            ("bob", "call.dial", {"number": "13900139000"}),
        ):
            with pytest.raises(CommandRefused, match="number_not_allowed"):
                await w.command(who, command, **args)
        assert (call.state, bob.state) == (CallState.TALKING, AgentState.READY)
