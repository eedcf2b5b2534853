"""The telephony port: what is done to a channel or to the switch, and what is refused; on both switches."""

from __future__ import annotations

import asyncio

import pytest

from cti.ports.telephony import ActionRefused, HungUp, InvalidValue, Place, SwitchUp
from tests.contract.scenes import channel, held, ringing


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


async def test_a_call_that_is_to_be_recorded_can_be_muted_in_the_file_and_others_cannot(stage):
    caller = await held(stage)
    with pytest.raises(ActionRefused):
        await stage.telephony.mute_recording(caller, on=True)
    await stage.telephony.set_variable(caller, "CTI_REC", "1")
    await ringing(stage, caller)
    assert (await channel(stage, caller)).variables["CTI_MM"] != ""
    await stage.telephony.mute_recording(caller, on=True)
    await stage.telephony.mute_recording(caller, on=False)
