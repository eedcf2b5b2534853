"""Stories of consult, hand-over, transfer and outbound calls, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_core.numbers import normalise
from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.consoles import CommandRefused
from cti.ports.telephony import ActionRefused
from cti.services.dialing import outbound_number
from tests.support.floor import World, until, world


async def _talking(w, engineer=True):
    if engineer:
        await w.ready("eve", "hotline", role="hotline_engineer")
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
    return call


async def _consulting(w, call):
    await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
    await until(lambda: w.switch.ringing(w.agent("eve").endpoint))
    w.switch.agent_answers(w.agent("eve").endpoint)
    await until(lambda: call.consult is not None and call.consult.state == "talking")


async def test_a_consult_holds_the_caller_while_agent_and_engineer_talk(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert w.agent("ann").state is AgentState.CONSULTING
        assert w.agent("eve").state is AgentState.ON_CALL


async def test_a_completed_consult_leaves_the_caller_with_the_engineer(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        await w.command("ann", "consult.complete", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert w.agent("ann").state is AgentState.WRAP_UP
        assert (call.record.engineer, call.state) == ("eve", CallState.TALKING)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("eve").state is AgentState.WRAP_UP)
        assert call.record.ended_by == "caller"


async def test_a_cancelled_consult_gives_the_caller_back(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        await w.command("ann", "consult.cancel", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        await until(lambda: w.agent("eve").state is AgentState.READY)
        assert (w.agent("ann").state, call.state) == (AgentState.ON_CALL, CallState.TALKING)


async def test_three_way_brings_the_caller_into_the_room(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        await w.command("ann", "consult.three_way", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert call.state is CallState.CONFERENCE


async def test_an_engineer_who_declines_costs_nobody_the_call(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: w.switch.ringing(w.agent("eve").endpoint))
        w.switch.agent_declines(w.agent("eve").endpoint)
        await until(lambda: call.state is CallState.TALKING)
        assert call.consult is None
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")


async def test_no_engineer_is_said_at_once(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        with pytest.raises(CommandRefused, match="no_engineer"):
            await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        assert call.state is CallState.TALKING


async def test_the_caller_who_leaves_in_a_consult_ends_it_for_all(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("ann").state is AgentState.WRAP_UP)
        await until(lambda: w.agent("eve").state is AgentState.READY)
        await until(lambda: not w.switch.leg_of(w.agent("ann").endpoint) and not w.switch.leg_of(w.agent("eve").endpoint))


async def test_a_blind_transfer_to_a_queue_is_a_new_entry_there(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        await w.ready("bob", "enquiries", "zh")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "queue", "id": "enquiries"})
        await w.talk("bob", call)
        assert (call.record.queue, w.agent("ann").state) == ("enquiries", AgentState.WRAP_UP)


@pytest.mark.parametrize("record", [False, True])
async def test_a_transfer_follows_the_recording_policy_of_the_queue_it_goes_to(tmp_path, monkeypatch, record):
    async with world(tmp_path) as w:
        monkeypatch.setitem(w.house.queues, "enquiries", replace(w.house.queues["enquiries"], record=record))
        call = await _talking(w, engineer=False)
        await w.ready("bob", "enquiries", "zh")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "queue", "id": "enquiries"})
        await w.talk("bob", call)
        assert call.recording == ("on" if record else "off")
        assert w.switch._plan.channels[call.customer].variables["CTI_REC"] == str(int(record))


async def test_a_caller_who_was_sent_to_a_number_is_told_to_have_hung_up(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        await w.command("ann", "call.blind", call=call.id, target={"kind": "number", "id": "13900139000"})
        await until(lambda: w.switch.where(call.customer) == "cti-out")
        w.switch.hang_up(call.customer)
        await until(lambda: call.state is CallState.ENDED)
        assert call.record.ended_by == "caller"


async def test_a_blind_transfer_to_an_agent_rings_him_alone(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        await w.ready("cid")
        await w.ready("bob")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "agent", "id": "bob"})
        await w.talk("bob", call)
        assert w.agent("cid").state is AgentState.READY


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
        call = await _talking(w, engineer=False)
        bob = await w.ready("bob")
        w.core.transfers._house = w.core.dialing._house = replace(w.house, dial_prefixes=("+1",))
        for who, command, args in (
            ("ann", "call.blind", {"call": call.id, "target": {"kind": "number", "id": "13900139000"}}),
            ("bob", "call.dial", {"number": "13900139000"}),
        ):
            with pytest.raises(CommandRefused, match="number_not_allowed"):
                await w.command(who, command, **args)
        assert (call.state, bob.state) == (CallState.TALKING, AgentState.READY)


async def test_a_lost_page_in_a_consult_keeps_the_caller_and_frees_the_engineer(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        w.core.pages.gone(w.agent("ann"), "page-ann")
        await until(lambda: call.state is CallState.LOST_AGENT)
        await until(lambda: w.agent("eve").state is AgentState.READY)
        await until(lambda: w.switch.where(call.customer) == "cti-hold")


async def test_a_caller_sent_to_a_busy_number_is_first_in_line_again(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        await w.command("ann", "call.blind", call=call.id, target={"kind": "number", "id": "+8613900139000"})
        await until(lambda: w.switch.where(call.customer) == "cti-out")
        await until(lambda: w.switch.ringing("trunk"))
        await until(lambda: (w.console.entities.get(("queue", "repairs")) or {}).get("waiting") == 0)
        w.switch.callee_declines()
        await until(lambda: w.core.offers.acd.position(call.id) == 1)
        await w.ready("bob")
        await w.talk("bob", call)


async def test_a_resume_in_the_same_breath_as_the_hold_is_carried_out(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        for _ in range(3):
            await w.command("ann", "call.hold", call=call.id)
            await w.command("ann", "call.resume", call=call.id)
            await until(lambda: call.state is CallState.TALKING)
            await until(lambda: w.switch.partner_of(call.customer) == call.agent_leg != "")


async def test_who_hangs_up_while_his_caller_is_on_hold_ends_the_call(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: call.agent_parked and call.holding)
        w.switch.hang_up(call.agent_leg)
        await until(lambda: call.state is CallState.ENDED)
        assert call.record.ended_by == "agent"


async def test_who_hangs_up_in_a_consult_leaves_the_caller_to_the_engineer(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        w.switch.hang_up(call.agent_leg)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert (call.record.engineer, w.agent("ann").state) == ("eve", AgentState.WRAP_UP)


async def test_after_a_cancelled_consult_everything_is_possible_again(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        await w.command("ann", "consult.cancel", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        await w.command("ann", "call.hold", call=call.id)
        await w.command("ann", "call.resume", call=call.id)
        await until(lambda: w.switch.partner_of(call.customer) == call.agent_leg != "")
        await until(lambda: w.agent("eve").state is AgentState.READY)
        await _consulting(w, call)
        await w.command("ann", "consult.cancel", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "queue", "id": "enquiries"})
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert w.agent("ann").state is AgentState.WRAP_UP


async def test_a_hold_that_the_switch_refuses_leaves_them_talking(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
        w.switch.fail_next("redirect")
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: call.state is CallState.TALKING)
        assert w.switch.partner_of(call.customer) == call.agent_leg


async def test_a_resume_that_the_switch_refuses_leaves_the_call_on_hold_and_can_be_asked_for_again(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w, engineer=False)
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
        w.switch.joins_after(0.1)
        call = await _talking(w)
        assert not w.switch.partner_of(call.customer)
        await w.command(
            "ann", command, call=call.id, **({"target": {"kind": "any_engineer"}} if command == "consult.start" else {})
        )
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert w.switch.where(call.agent_leg) == ("cti-room-agent" if command == "consult.start" else "cti-agenthold")


@pytest.mark.parametrize("command", ["consult.start", "call.hold"])
async def test_a_leg_that_the_switch_lost_in_a_move_is_missed_soon(tmp_path, command):
    """The caller is on music, his agent's leg gone, and the core thinks that they talk: it compares, and gives him back."""
    async with world(tmp_path, hold_for_agent=20.0) as w:
        w.switch.joins_after(9.0)
        call = await _talking(w)
        call.joining = None  # as if both were in their bridge
        await w.command(
            "ann", command, call=call.id, **({"target": {"kind": "any_engineer"}} if command == "consult.start" else {})
        )
        await until(lambda: w.switch.where(call.customer) == "cti-again", 8)
        w.switch.joins_after(0.0)
        w.switch.agent_answers(w.agent("ann").endpoint)
        await until(lambda: call.state is CallState.TALKING and w.switch.partner_of(call.customer) == call.agent_leg != "")
        assert w.agent("eve").state is AgentState.READY


async def test_a_consult_that_the_switch_refuses_leaves_them_talking(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        w.switch.fail_next("redirect", ActionRefused("Redirect", "No such channel"))
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: w.agent("eve").state is AgentState.READY and call.state is CallState.TALKING)
        assert w.switch.partner_of(call.customer) == call.agent_leg
        await w.command("ann", "call.hold", call=call.id)  # in order after whatever else was asked of the switch
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert [action[2] for action in w.asked("redirect")] == ["cti-ring", "cti-hold"]


GIVEN_AWAY = (
    ("call.blind", {"target": {"kind": "queue", "id": "enquiries"}}),
    ("consult.start", {"target": {"kind": "any_engineer"}}),
    ("call.hangup", {}),
)


async def test_who_gave_a_call_away_does_not_steer_it_from_his_wrap_up(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        await w.command("ann", "consult.complete", call=call.id)
        for command, args in GIVEN_AWAY:
            with pytest.raises(CommandRefused, match="not_allowed"):
                await w.command("ann", command, call=call.id, **args)
        assert (call.state, call.record.holder) == (CallState.TALKING, "eve")
        await w.command("ann", "call.ticket", call=call.id, ticket="t-1")
        assert call.record.ticket == "t-1"


async def test_an_engineer_who_was_only_asked_changes_nothing_of_the_call(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await _consulting(w, call)
        said = (("call.owner", {"owner": "o-1"}), ("call.ticket", {"ticket": "t-1"}), ("wrapup.finish", {"disposition": "d"}))
        for command, args in (*GIVEN_AWAY, *said):
            with pytest.raises(CommandRefused, match="not_allowed"):
                await w.command("eve", command, call=call.id, **args)
        assert (call.record.owner, call.record.ticket, w.agent("ann").state) == ("", "", AgentState.CONSULTING)
