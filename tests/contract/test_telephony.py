"""The telephony port's contract: the same stories on the fake switch and on a real Asterisk."""

from __future__ import annotations

import asyncio

import pytest

from cti.ports.telephony import (
    ActionRefused,
    BridgeEntered,
    DialBegan,
    DialEnded,
    HangupRequested,
    HungUp,
    InvalidValue,
    MusicStarted,
    OriginateEnded,
    Place,
    QueueJoined,
    RoomJoined,
    RoomLeft,
    SwitchUp,
)
from tests.contract.stage import Stage, fake_stage, real_stage
from tests.support.asterisk import real_asterisk

__all__ = ["real_asterisk"]


@pytest.fixture(params=["fake", pytest.param("asterisk", marks=pytest.mark.telephony)])
async def stage(request):
    if request.param == "fake":
        async with fake_stage() as staged:
            yield staged
    else:
        async with real_stage(request.getfixturevalue("real_asterisk")) as staged:
            yield staged


async def held(stage: Stage) -> str:
    """A caller who waits with music, the switch being up."""
    await stage.heard.wait(SwitchUp)
    caller = await stage.caller_arrives()
    await stage.heard.wait(MusicStarted, uniqueid=caller)
    return caller


async def ringing(stage: Stage, caller: str):
    """The agent's phone rings for him; Uniqueid of its leg."""
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-ring", stage.agent))
    leg = (await stage.heard.wait(DialBegan, mark, uniqueid=caller)).dest
    await stage.rings()
    return leg


async def talking(stage: Stage) -> tuple[str, str]:
    caller = await held(stage)
    leg = await ringing(stage, caller)
    await stage.agent_answers()
    await stage.heard.wait(BridgeEntered, uniqueid=caller)
    await stage.heard.wait(BridgeEntered, uniqueid=leg)
    return caller, leg


async def channel(stage: Stage, uniqueid: str):
    return next((row for row in (await stage.telephony.snapshot()).channels if row.uniqueid == uniqueid), None)


async def test_an_arriving_caller_tells_who_he_is_and_then_waits_with_music(stage):
    caller = await held(stage)
    arrived = await stage.heard.wait("CTIArrived", uniqueid=caller)
    assert (arrived.values["ani"], arrived.values["dnis"], arrived.values["name"]) == ("+8613800138000", "4001", "Anna")
    hold = await stage.heard.wait("CTIHold", uniqueid=caller)
    assert hold.call == arrived.call != ""


async def test_the_snapshot_knows_a_waiting_caller_and_what_was_written_on_him(stage):
    caller = await held(stage)
    await stage.telephony.set_variable(caller, "CTI_QUEUE", "repairs")
    row = await channel(stage, caller)
    assert (row.context, row.endpoint, row.caller_number, row.variables["CTI_QUEUE"]) == (
        "cti-hold",
        "trunk",
        "+8613800138000",
        "repairs",
    )
    assert row.call == (await stage.heard.wait("CTIArrived", uniqueid=caller)).call


async def test_a_ring_carries_the_call_and_the_end_point(stage):
    caller = await held(stage)
    await ringing(stage, caller)
    began = await stage.heard.wait(DialBegan, uniqueid=caller)
    assert (began.dest_endpoint, began.call) == (stage.agent, (await stage.heard.wait("CTIArrived", uniqueid=caller)).call)


async def test_an_answer_ends_the_dial_and_bridges_both_legs(stage):
    caller, leg = await talking(stage)
    ended = await stage.heard.wait(DialEnded, dest=leg)
    assert (ended.status, ended.dest_endpoint) == ("ANSWER", stage.agent)
    assert (await channel(stage, caller)).bridge == (await channel(stage, leg)).bridge != ""


async def test_a_refused_ring_brings_the_caller_back_to_his_music(stage):
    caller = await held(stage)
    leg = await ringing(stage, caller)
    mark = stage.heard.mark
    await stage.agent_declines()
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    end = await stage.heard.wait("CTIRingEnd", mark, uniqueid=caller)
    assert (end.values["agent"], end.values["dialstatus"]) == (stage.agent, "CHANUNAVAIL")
    assert (await stage.heard.wait(HungUp, mark, uniqueid=leg)).tech_cause == "603"


async def test_a_ring_is_withdrawn_by_taking_the_caller_back(stage):
    caller = await held(stage)
    leg = await ringing(stage, caller)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert (await stage.heard.wait(DialEnded, mark, dest=leg)).status == "CANCEL"
    await stage.heard.wait(HungUp, mark, uniqueid=leg)
    assert stage.heard.find("CTIRingEnd", mark) is None


async def test_a_caller_who_hangs_up_while_it_rings_ends_both_legs(stage):
    caller = await held(stage)
    leg = await ringing(stage, caller)
    stage.caller_hangs_up()
    await stage.heard.wait(HungUp, uniqueid=leg)
    await stage.heard.wait(HungUp, uniqueid=caller)
    assert stage.heard.find("CTIRingEnd") is None


async def test_who_hung_up_is_the_first_request(stage):
    caller, leg = await talking(stage)
    mark = stage.heard.mark
    stage.agent_hangs_up()
    await stage.heard.wait("CTIAgentLeft", mark, uniqueid=caller)
    requests = [event.uniqueid for event in stage.heard.events[mark:] if isinstance(event, HangupRequested)]
    assert requests[0] == leg


async def test_after_the_agents_end_the_caller_can_be_kept(stage):
    caller, _ = await talking(stage)
    mark = stage.heard.mark
    stage.agent_hangs_up()
    await stage.heard.wait("CTIAgentLeft", mark, uniqueid=caller)
    await stage.telephony.redirect(caller, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert (await channel(stage, caller)).context == "cti-hold"


async def test_after_the_agents_end_an_unasked_caller_is_hung_up_within_two_seconds(stage):
    caller, _ = await talking(stage)
    stage.agent_hangs_up()
    left = await stage.heard.wait("CTIAgentLeft", uniqueid=caller)
    gone = await stage.heard.wait(HungUp, uniqueid=caller)
    assert 0.5 < (gone.at - left.at).total_seconds() < 2


async def test_holding_takes_both_legs_apart_and_a_bridge_joins_them_again(stage):
    caller, leg = await talking(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold"), (leg, Place("cti-agenthold")))
    await stage.heard.wait("CTIAgentHold", mark, uniqueid=leg)
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    mark = stage.heard.mark
    await stage.telephony.bridge(caller, leg)
    await stage.heard.wait(BridgeEntered, mark, uniqueid=caller)
    await stage.heard.wait(BridgeEntered, mark, uniqueid=leg)


async def test_two_legs_meet_in_a_room_and_the_snapshot_lists_them(stage):
    caller, leg = await talking(stage)
    await stage.telephony.redirect(caller, Place("cti-room-caller", "room-1"), (leg, Place("cti-room-agent", "room-1")))
    for uniqueid in (caller, leg):
        await stage.heard.wait(RoomJoined, uniqueid=uniqueid, room="room-1")
    assert sorted((await stage.telephony.snapshot()).rooms["room-1"]) == sorted([caller, leg])


async def test_the_agents_end_takes_the_caller_out_of_the_room(stage):
    caller, leg = await talking(stage)
    await stage.telephony.redirect(caller, Place("cti-room-caller", "room-1"), (leg, Place("cti-room-agent", "room-1")))
    for uniqueid in (caller, leg):
        await stage.heard.wait(RoomJoined, uniqueid=uniqueid)
    await stage.telephony.hangup(leg)
    await stage.heard.wait(RoomLeft, uniqueid=caller)
    await stage.heard.wait("CTIConfEnd", uniqueid=caller)
    await stage.heard.wait("CTIAgentLeft", uniqueid=caller)


async def test_a_member_is_put_out_of_a_room_by_its_uniqueid(stage):
    caller, leg = await talking(stage)
    await stage.telephony.redirect(caller, Place("cti-room-caller", "room-1"), (leg, Place("cti-room-agent", "room-1")))
    for uniqueid in (caller, leg):
        await stage.heard.wait(RoomJoined, uniqueid=uniqueid)
    await stage.telephony.room_kick("room-1", caller)
    await stage.heard.wait(RoomLeft, uniqueid=caller)
    with pytest.raises(ActionRefused):
        await stage.telephony.room_kick("room-1", "nobody")


async def test_an_originated_leg_has_our_id_and_goes_where_it_was_sent(stage):
    await stage.heard.wait(SwitchUp)
    place = Place("cti-room-agent", "room-2")
    await stage.telephony.originate(
        channel_id="own-1", channel=f"PJSIP/{stage.agent}", to=place, variables={"__CTI_CALL": "call-7"}, caller_id="4001"
    )
    began = await stage.heard.wait(DialBegan, dest="own-1")
    assert (began.uniqueid, began.call, began.dest_endpoint) == ("", "call-7", stage.agent)
    await stage.rings()
    await stage.agent_answers()
    assert (await stage.heard.wait(OriginateEnded, uniqueid="own-1")).ok
    assert (await stage.heard.wait(RoomJoined, uniqueid="own-1")).call == "call-7"


async def test_an_originate_that_nobody_takes_ends_with_its_cause(stage):
    await stage.heard.wait(SwitchUp)
    await stage.telephony.originate(
        channel_id="own-2", channel=f"PJSIP/{stage.agent}", to=Place("cti-agenthold"), variables={"__CTI_CALL": "call-8"}
    )
    await stage.rings()
    await stage.agent_declines()
    assert not (await stage.heard.wait(OriginateEnded, uniqueid="own-2")).ok
    assert (await stage.heard.wait(HungUp, uniqueid="own-2")).tech_cause == "603"


async def test_a_second_originate_of_one_id_does_not_ring_twice(stage):
    await stage.heard.wait(SwitchUp)
    for _ in range(2):
        await stage.telephony.originate(
            channel_id="own-3", channel=f"PJSIP/{stage.agent}", to=Place("cti-agenthold"), variables={"__CTI_CALL": "call-9"}
        )
    await stage.heard.wait(OriginateEnded, uniqueid="own-3", ok=False)
    await stage.heard.wait(DialBegan, dest="own-3")  # the refusal of the second may be told before the first one rings
    assert len([event for event in stage.heard.events if isinstance(event, DialBegan)]) == 1


async def test_a_core_can_hang_up_with_a_cause(stage):
    caller = await held(stage)
    await stage.telephony.hangup(caller, 34)
    assert (await stage.heard.wait(HungUp, uniqueid=caller)).cause == 34


async def test_members_of_the_emergency_queue_are_set_twice_without_harm(stage):
    await stage.heard.wait(SwitchUp)
    for _ in range(2):
        await stage.telephony.queue_add("fallback", f"PJSIP/{stage.agent}")
    assert (await stage.telephony.snapshot()).queue_members == (f"PJSIP/{stage.agent}",)
    for _ in range(2):
        await stage.telephony.queue_remove("fallback", f"PJSIP/{stage.agent}")
    assert (await stage.telephony.snapshot()).queue_members == ()


async def test_an_action_on_a_channel_that_is_gone_is_refused(stage):
    await stage.heard.wait(SwitchUp)
    for refused in (
        stage.telephony.redirect("sw1-1.1", Place("cti-hold")),
        stage.telephony.hangup("sw1-1.1"),
        stage.telephony.bridge("sw1-1.1", "sw1-1.2"),
        stage.telephony.set_variable("sw1-1.1", "CTI_STATE", "talk"),
        stage.telephony.mute_recording("sw1-1.1", on=True),
    ):
        with pytest.raises(ActionRefused):
            await refused


async def test_a_redirect_with_a_vanished_second_leg_leaves_the_first_where_it_was(stage):
    caller = await held(stage)
    with pytest.raises(ActionRefused):
        await stage.telephony.redirect(caller, Place("cti-ring", stage.agent), ("sw1-1.1", Place("cti-agenthold")))
    assert (await channel(stage, caller)).context == "cti-hold"


async def test_values_that_are_not_ours_are_refused_before_they_are_sent(stage):
    await stage.heard.wait(SwitchUp)
    telephony = stage.telephony
    for bad in (
        telephony.set_variable(None, "SHELL(id)", "x"),
        telephony.set_variable(None, "CTI_NEXT", "a\r\nAction: Command"),
        telephony.set_variable(None, "CTI_NEXT", "${SHELL(id)}"),
        telephony.redirect("x\ny", Place("cti-hold")),
        telephony.redirect("x", Place("cti-hold", "500&PJSIP/1900")),
        telephony.originate(channel_id="a", channel="Local/1@x", to=Place("cti-out"), variables={}),
        telephony.originate(channel_id="a", channel="PJSIP/w1&PJSIP/w2", to=Place("cti-out"), variables={}),
        telephony.originate(channel_id="a", channel="PJSIP/w1", to=Place("cti-out"), variables={"CTI_CALL": "x,FILE(/x)=y"}),
        telephony.queue_add("fallback", "Local/1@x"),
    ):
        with pytest.raises(InvalidValue):
            await bad


async def test_the_heartbeat_is_a_global_that_can_be_written_at_any_time(stage):
    await stage.heard.wait(SwitchUp)
    async with asyncio.timeout(5):
        await stage.telephony.set_variable(None, "CTI_HB", "42")


# ---- calling out --------------------------------------------------------------------------------------------------------


async def dialled(stage: Stage) -> str:
    """The agent's page has answered its leg, and the called party's telephone rings; Uniqueid of the called leg."""
    await stage.heard.wait(SwitchUp)
    await stage.telephony.originate(
        channel_id="out-agent",
        channel=f"PJSIP/{stage.agent}",
        to=Place("cti-out", "13800138000"),
        variables={"__CTI_CALL": "c-out"},
    )
    await stage.rings()
    await stage.agent_answers()
    return str((await stage.heard.wait(DialBegan, uniqueid="out-agent")).dest)


async def test_a_called_party_who_answers_is_told_on_his_leg_and_then_both_talk(stage):
    called = await dialled(stage)
    await stage.callee_answers()
    assert (await stage.heard.wait("CTIOutAnswered", uniqueid=called)).call == "c-out"
    await stage.heard.wait(BridgeEntered, uniqueid=called)
    await stage.heard.wait(BridgeEntered, uniqueid="out-agent")


async def test_a_called_party_who_is_busy_ends_the_call_with_the_sip_code(stage):
    called = await dialled(stage)
    await stage.callee_declines()
    assert (await stage.heard.wait("CTIOutEnd", uniqueid="out-agent")).values["dialstatus"] == "BUSY"
    assert (await stage.heard.wait(HungUp, uniqueid=called)).tech_cause == "486"
    await stage.heard.wait(HungUp, uniqueid="out-agent")


async def test_the_called_party_can_be_kept_when_the_agents_leg_ends(stage):
    called = await dialled(stage)
    await stage.callee_answers()
    await stage.heard.wait(BridgeEntered, uniqueid=called)
    mark = stage.heard.mark
    stage.agent_hangs_up()
    await stage.heard.wait("CTIAgentLeft", mark, uniqueid=called)
    await stage.telephony.redirect(called, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=called)


async def test_a_called_party_who_hangs_up_ends_both_legs(stage):
    called = await dialled(stage)
    await stage.callee_answers()
    await stage.heard.wait(BridgeEntered, uniqueid=called)
    await stage.heard.wait(BridgeEntered, uniqueid="out-agent")
    mark = stage.heard.mark
    stage.callee_hangs_up()
    await stage.heard.wait(HungUp, mark, uniqueid=called)
    await stage.heard.wait("CTIOutEnd", mark, uniqueid="out-agent")
    await stage.heard.wait(HungUp, mark, uniqueid="out-agent")


# ---- recording, rooms, emergency ----------------------------------------------------------------------------------------


async def test_a_call_that_is_to_be_recorded_can_be_muted_in_the_file_and_others_cannot(stage):
    caller = await held(stage)
    with pytest.raises(ActionRefused):
        await stage.telephony.mute_recording(caller, on=True)
    await stage.telephony.set_variable(caller, "CTI_REC", "1")
    await ringing(stage, caller)
    assert (await channel(stage, caller)).variables["CTI_MM"] != ""
    await stage.telephony.mute_recording(caller, on=True)
    await stage.telephony.mute_recording(caller, on=False)


async def test_an_unanswered_ring_ends_after_the_time_that_was_set(stage):
    caller = await held(stage)
    await stage.telephony.set_variable(caller, "CTI_RING_TO", "1")
    await stage.telephony.set_variable(caller, "CTI_OFFER", "offer-1")
    mark = stage.heard.mark
    await ringing(stage, caller)
    end = await stage.heard.wait("CTIRingEnd", mark, uniqueid=caller)
    assert (end.values["dialstatus"], end.values["offer"]) == ("NOANSWER", "offer-1")
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)


async def test_an_end_point_that_is_not_there_ends_the_ring_at_once(stage):
    caller = await held(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-ring", "w-nobody"))
    assert (await stage.heard.wait("CTIRingEnd", mark, uniqueid=caller)).values["dialstatus"] == "CHANUNAVAIL"
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert stage.heard.find(DialBegan, mark) is None


async def test_a_caller_in_the_emergency_queue_is_listed_and_can_be_adopted(stage):
    caller = await held(stage)
    await stage.telephony.redirect(caller, Place("cti-fallback"))
    await stage.heard.wait("CTIFallback", uniqueid=caller)
    await stage.heard.wait(QueueJoined, uniqueid=caller)
    assert (await stage.telephony.snapshot()).queue_callers == (caller,)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert (await stage.telephony.snapshot()).queue_callers == ()


async def test_a_place_that_does_not_exist_inside_a_context_of_ours_comes_back_to_hold(stage):
    caller = await held(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold", "nowhere"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)


async def test_entering_a_room_is_also_entering_its_bridge(stage):
    caller, leg = await talking(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-room-caller", "room-3"), (leg, Place("cti-room-agent", "room-3")))
    for uniqueid in (caller, leg):
        await stage.heard.wait(RoomJoined, mark, uniqueid=uniqueid)
    first = await stage.heard.wait(BridgeEntered, mark, uniqueid=caller)
    second = await stage.heard.wait(BridgeEntered, mark, uniqueid=leg)
    assert first.bridge == second.bridge
