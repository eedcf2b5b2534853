"""The fake switch tells the stories that the dialplan tells; the contract suite holds it against a real Asterisk."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from cti.ami.fake import FakeSwitch
from cti.ports.telephony import ActionRefused, InvalidValue, Place, SwitchUnavailable


class Clock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(1_800_000_000 + self.monotonic(), UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@pytest.fixture
async def switch():
    switch = FakeSwitch(Clock(), after_seconds=0.02)
    switch.connect()
    yield switch
    switch.close()


async def told(switch: FakeSwitch, *, until: str, limit: float = 2.0) -> list[str]:
    names = []
    async with asyncio.timeout(limit):
        async for event in switch.events():
            names.append(getattr(event, "name", type(event).__name__))
            if names[-1] == until:
                return names
    raise AssertionError(names)


async def test_a_caller_who_leaves_the_ivr_waits_with_music(switch):
    caller = switch.caller_arrives()
    await switch.set_variable(caller, "CTI_NEXT", "cti-hold")
    switch.ivr_ends(caller)
    names = await told(switch, until="MusicStarted")
    assert names == ["SwitchUp", "ChannelCreated", "CTIArrived", "CTIHold", "MusicStarted"]


async def test_a_caller_without_a_decision_is_in_the_emergency_queue(switch):
    caller = switch.caller_arrives()
    switch.ivr_ends(caller)
    assert (await told(switch, until="QueueJoined"))[-2:] == ["CTIFallback", "QueueJoined"]
    assert (await switch.snapshot()).queue_callers == (caller,)


async def test_an_answered_ring_bridges_both_legs(switch):
    switch.register("w1")
    caller = switch.caller_arrives()
    await switch.redirect(caller, Place("cti-ring", "w1"))
    agent = switch.agent_answers("w1")
    rows = {row.uniqueid: row for row in (await switch.snapshot()).channels}
    assert rows[caller].bridge == rows[agent].bridge != ""


async def test_a_declined_ring_puts_the_caller_back_on_hold(switch):
    switch.register("w1")
    caller = switch.caller_arrives()
    await switch.redirect(caller, Place("cti-ring", "w1"))
    switch.agent_declines("w1")
    names = await told(switch, until="MusicStarted")
    assert names[-5:] == ["DialEnded", "HungUp", "CTIRingEnd", "CTIHold", "MusicStarted"]


async def test_when_the_agent_hangs_up_the_core_has_a_second_to_keep_the_caller(switch):
    switch.register("w1")
    caller = switch.caller_arrives()
    await switch.redirect(caller, Place("cti-ring", "w1"))
    switch.hang_up(switch.agent_answers("w1"))
    await told(switch, until="CTIAgentLeft")
    await switch.redirect(caller, Place("cti-hold"))
    await asyncio.sleep(0.05)
    assert switch.where(caller) == "cti-hold"


async def test_without_a_word_of_the_core_the_call_ends_after_that_second(switch):
    switch.register("w1")
    caller = switch.caller_arrives()
    await switch.redirect(caller, Place("cti-ring", "w1"))
    switch.hang_up(switch.agent_answers("w1"))
    await told(switch, until="CTIAgentLeft")
    assert (await told(switch, until="HungUp"))[-1] == "HungUp"
    assert switch.where(caller) == ""


async def test_the_last_marked_member_takes_the_caller_out_of_the_room(switch):
    switch.register("w1")
    caller = switch.caller_arrives()
    await switch.redirect(caller, Place("cti-ring", "w1"))
    agent = switch.agent_answers("w1")
    await switch.redirect(caller, Place("cti-room-caller", "r1"), (agent, Place("cti-room-agent", "r1")))
    assert set((await switch.snapshot()).rooms["r1"]) == {caller, agent}
    switch.hang_up(agent)
    assert switch.where(caller) == "cti-after"


async def test_an_originated_leg_rings_and_goes_where_it_was_sent(switch):
    switch.register("w9")
    call = {"__CTI_CALL": "c1"}
    await switch.originate(channel_id="o1", channel="PJSIP/w9", to=Place("cti-room-agent", "r1"), variables=call)
    assert switch.agent_answers("w9") == "o1"
    assert (await switch.snapshot()).rooms == {"r1": ("o1",)}


async def test_an_outbound_call_tells_when_the_called_party_answers(switch):
    switch.register("w1")
    await switch.originate(
        channel_id="o1", channel="PJSIP/w1", to=Place("cti-out", "13800138000"), variables={"__CTI_CALL": "c1"}
    )
    switch.agent_answers("w1")
    switch.callee_answers()
    assert "CTIOutAnswered" in await told(switch, until="BridgeEntered")


async def test_a_crash_is_silent_and_the_next_process_says_so(switch):
    caller = switch.caller_arrives()
    switch.crash()
    with pytest.raises(SwitchUnavailable):
        await switch.hangup(caller)
    switch.restart()
    assert (await switch.snapshot()).channels == ()


async def test_unknown_channels_are_refused_and_hostile_values_never_sent(switch):
    with pytest.raises(ActionRefused):
        await switch.redirect("nobody", Place("cti-hold"))
    with pytest.raises(InvalidValue):
        await switch.set_variable(None, "SHELL(id)", "x")
    with pytest.raises(InvalidValue):
        await switch.originate(channel_id="o1", channel="Local/x@y", to=Place("cti-out"), variables={})
