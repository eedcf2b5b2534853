"""Click-to-dial on a whole instance: the agent's phone answers by itself, the called party is rung, recorded and wrapped up."""

from __future__ import annotations

import asyncio

import pytest

from carillon.client import ApiRefused
from carillon.softphone.callee import Behaviour, Callee
from carillon.softphone.sound import agent_frequency
from tests.support.ears import hears, read_recording
from tests.support.whole import whole  # noqa: F401

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(120)]
CALLEE_TONE = 1600


async def test_the_called_party_is_reached_recorded_and_wrapped_up(whole):  # noqa: F811
    side = ("127.0.0.2", whole.settings.trunk_peer_port)
    async with whole.agent() as agent, Callee(side, Behaviour(answer_after=0.3), frequency=CALLEE_TONE) as callee:
        answer = await agent.stream.command("call.dial", {"number": "139 0013 9000"})
        received = await callee.wait_call(timeout=30)
        assert received.number == "+8613900139000"
        await whole.until(lambda: received.audio is not None, 10, "the called party answers")
        await hears(received.audio, agent_frequency("1024"), candidates=[CALLEE_TONE, agent_frequency("1024")])
        await asyncio.sleep(1.5)  # something to record
        received.call.hangup()

        def closed():
            rows = whole.rows("SELECT * FROM call_records WHERE id = ? AND ended_at IS NOT NULL", answer["call"])
            return rows and rows[0]

        record = await whole.until(closed, 15, "the record is closed")
        assert (record["direction"], record["ended_by"], record["agent_id"]) == ("out", "caller", "agt-1024")
        await whole.until(lambda: agent.state == "READY", 15, "wrapped up and READY again")
        sound = "SELECT * FROM recordings WHERE call_id = ? AND status = 'final'"
        (recording,) = await whole.until(lambda: whole.rows(sound, record["id"]), 15, "the recording is final")
        sides = read_recording(whole.settings.recordings_dir / recording["file"])
        assert sides.tone_seconds(0, CALLEE_TONE, [CALLEE_TONE, agent_frequency("1024")]) > 0.5
        await whole.nobody_left()


async def test_a_busy_number_frees_the_agent_and_says_why(whole):  # noqa: F811
    side = ("127.0.0.2", whole.settings.trunk_peer_port)
    async with whole.agent() as agent, Callee(side, Behaviour(refuse_with=486)):
        answer = await agent.stream.command("call.dial", {"number": "13900139000"})
        await whole.until(
            lambda: whole.rows("SELECT 1 FROM call_records WHERE id = ? AND end_reason = 'busy'", answer["call"]), 15, "busy"
        )
        await whole.until(lambda: agent.state == "READY", 15, "READY again")
        await whole.nobody_left()


async def test_a_number_with_a_second_leg_in_it_dials_nobody(whole):  # noqa: F811
    side = ("127.0.0.2", whole.settings.trunk_peer_port)
    async with whole.agent() as agent, Callee(side) as callee:
        for number in ("139&PJSIP/110@trunk", "${EXTEN}", "110@trunk", "139;x=1"):
            with pytest.raises(ApiRefused):
                await agent.stream.command("call.dial", {"number": number})
        assert callee.calls == []
        assert whole.channels() == 0
