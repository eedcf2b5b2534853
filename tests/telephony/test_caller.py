"""Our caller and called party on a real Asterisk with the product's own configuration; there is no core, so calls are in the
emergency queue, and two legs are joined by AMI Bridge."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from carillon.softphone.call import CallState
from carillon.softphone.callee import Behaviour, Callee
from carillon.softphone.caller import TRUNK_SIDE, Caller
from carillon.softphone.g711 import samples
from carillon.softphone.sound import Loop, tone
from tests.support.ami_lines import ami_control, ami_line
from tests.support.asterisk import RealAsterisk, real_asterisk  # noqa: F401 - a fixture
from tests.support.ears import hears
from tests.support.tones import rms

pytestmark = pytest.mark.telephony
CALLER, CALLED = 600, 1000
TONES = (CALLER, CALLED, 1400)


@asynccontextmanager
async def a_caller(switch: RealAsterisk, **who):
    async with Caller(("127.0.0.1", switch.settings.sip_port), **who) as caller:
        caller.say(Loop(tone(CALLER)))
        yield caller


@asynccontextmanager
async def a_callee(switch: RealAsterisk, behaviour: Behaviour):
    async with Callee((TRUNK_SIDE, switch.settings.trunk_peer_port), behaviour, frequency=CALLED) as callee:
        yield callee


async def ring_the_trunk(switch: RealAsterisk, number: str) -> str:
    """Originate, as the core does; the leg's id."""
    async with ami_control(switch) as ctl:
        channel = f"out-{number}"
        said = await ctl.action(
            "Originate",
            Channel=f"PJSIP/{number}@trunk",
            Context="cti-agenthold",
            Exten="s",
            Priority="1",
            Async="true",
            ChannelId=channel,
            Timeout="5000",
        )
        assert said["Response"] == "Success"
        return channel


@pytest.fixture
async def events(real_asterisk):  # noqa: F811
    async with ami_line(real_asterisk) as line:
        yield line


async def test_a_caller_and_a_called_party_hear_each_other(real_asterisk, events):  # noqa: F811
    async with a_callee(real_asterisk, Behaviour(answer_after=0.1)) as callee, a_caller(real_asterisk) as caller:
        caller.dial("4001")
        arrived = await events.user_event("CTIArrived")
        assert arrived["CTISipCallId"] == caller.sip_call_id
        out = await ring_the_trunk(real_asterisk, "13900000001")
        called = await callee.wait_call()
        await called.call.wait(CallState.UP)
        async with ami_control(real_asterisk) as ctl:
            # as the core says it: when the bridge ends, the leg goes at its next pass and not after five without a core
            await ctl.action("Setvar", Channel=out, Variable="CTI_STATE", Value="talk")
            joined = await ctl.action("Bridge", Channel1=arrived["Uniqueid"], Channel2=out)
            assert joined["Response"] == "Success"
        assert called.audio is not None
        await asyncio.gather(hears(caller.audio, CALLED, candidates=TONES), hears(called.audio, CALLER, candidates=TONES))
        caller.hangup()
        await called.call.wait(CallState.ENDED)
    assert (caller.call.ended_by, called.call.ended_by) == ("local", "remote")


async def test_digits_reach_the_other_side_once_each(real_asterisk, events):  # noqa: F811
    async with a_callee(real_asterisk, Behaviour(answer_after=0.1)) as callee, a_caller(real_asterisk, number="4711") as caller:
        caller.dial("4002")
        arrived = await events.wait(lambda b: b.get("UserEvent") == "CTIArrived" and b.get("CTIAni") == "4711")
        out = await ring_the_trunk(real_asterisk, "13900000002")
        called = await callee.wait_call()
        await called.call.wait(CallState.UP)
        async with ami_control(real_asterisk) as ctl:
            await ctl.action("Bridge", Channel1=arrived["Uniqueid"], Channel2=out)
        assert called.audio is not None
        await hears(called.audio, CALLER, candidates=TONES)
        await caller.press("159#*0")
        await called.audio.changes.until(lambda: called.audio.digits_heard == "159#*0", 5)


@pytest.mark.parametrize(
    "name", ["王小明", 'O"Neil \\ <script>', "Robert'); DROP TABLE owners;--", "\x01\x1b[31mred\x7f", "Ünïcödé"]
)
async def test_any_display_name_makes_a_call(real_asterisk, events, name):  # noqa: F811
    async with a_caller(real_asterisk, name=name) as caller:
        caller.dial("4001")
        await caller.call.wait(CallState.UP)
        arrived = await events.wait(
            lambda b: b.get("UserEvent") == "CTIArrived" and caller.sip_call_id.split("@")[0] in b["CTISipCallId"]
        )
    assert arrived["CTIName"]


async def test_a_number_may_be_withheld(real_asterisk, events):  # noqa: F811
    async with a_caller(real_asterisk, number="") as caller:
        caller.dial("4001")
        await caller.call.wait(CallState.UP)


async def test_a_caller_hears_the_emergency_path(real_asterisk):  # noqa: F811
    async with a_caller(real_asterisk) as caller:
        caller.dial("4001")
        await caller.call.wait(CallState.UP)
        await caller.audio.changes.until(lambda: sum(rms(samples(one.ulaw)) > 200 for one in caller.audio.frames) > 25, 10)


@pytest.mark.parametrize(("behaviour", "tech_cause"), [(Behaviour(refuse_with=486), "486"), (Behaviour(refuse_with=603), "603")])
async def test_a_called_party_can_refuse(real_asterisk, events, behaviour, tech_cause):  # noqa: F811
    async with a_callee(real_asterisk, behaviour) as callee:
        number = f"1390000{tech_cause}"
        out = await ring_the_trunk(real_asterisk, number)
        called = await callee.wait_call()
        ended = await events.wait(lambda b: b.get("Event") == "Hangup" and b.get("Uniqueid") == out)
    assert called.number == number
    assert tech_cause in ended.get("TechCause", "")


async def test_a_called_party_that_does_not_answer_is_cancelled(real_asterisk, events):  # noqa: F811
    async with a_callee(real_asterisk, Behaviour(answer_after=None)) as callee:
        await ring_the_trunk(real_asterisk, "13900000009")
        called = await callee.wait_call()
        await called.call.wait(CallState.ENDED, timeout=8)
    assert (called.call.ended_by, called.call.code) == ("remote", 487)


async def test_a_bye_ends_the_channel(real_asterisk, events):  # noqa: F811
    async with a_caller(real_asterisk, number="4712") as caller:
        caller.dial("4001")
        arrived = await events.wait(lambda b: b.get("UserEvent") == "CTIArrived" and b.get("CTIAni") == "4712")
        caller.hangup()
        await events.wait(lambda b: b.get("Event") == "Hangup" and b.get("Uniqueid") == arrived["Uniqueid"])
