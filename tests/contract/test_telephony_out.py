"""The telephony port: legs that we begin, and calls to the outside; on both switches."""

from __future__ import annotations

from cti.ports.telephony import BridgeEntered, DialBegan, HungUp, MusicStarted, OriginateEnded, Place, RoomJoined, SwitchUp
from tests.contract.stage import Stage


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
