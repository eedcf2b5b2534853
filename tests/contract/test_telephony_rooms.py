"""The telephony port: two legs are taken apart, joined again, and meet in rooms; on both switches."""

from __future__ import annotations

import pytest

from cti.ports.telephony import ActionRefused, BridgeEntered, MusicStarted, Place, RoomJoined, RoomLeft
from tests.contract.scenes import talking


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


async def test_entering_a_room_is_also_entering_its_bridge(stage):
    caller, leg = await talking(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-room-caller", "room-3"), (leg, Place("cti-room-agent", "room-3")))
    for uniqueid in (caller, leg):
        await stage.heard.wait(RoomJoined, mark, uniqueid=uniqueid)
    first = await stage.heard.wait(BridgeEntered, mark, uniqueid=caller)
    second = await stage.heard.wait(BridgeEntered, mark, uniqueid=leg)
    assert first.bridge == second.bridge


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
