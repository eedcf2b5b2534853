"""The two channels that Asterisk records of a customer's leg, with an agent who speaks opus as a browser does."""

from __future__ import annotations

import asyncio
from array import array
from pathlib import Path

import pytest

from cti.ports.accounts import EndpointClass
from tests.support.ami_lines import ami_control, ami_line
from tests.support.asterisk import RealAsterisk, real_asterisk  # noqa: F401 - a fixture
from tests.support.ears import Recording, hears
from tests.telephony.test_softagent_phone import AGENT, CALLER, TONES, a_call_to, a_phone, an_account, talking

pytestmark = pytest.mark.telephony
SAID, HEARD = 0, 1
SECONDS = 2.0


def raw_recording(switch: RealAsterisk, call: str) -> Recording:
    values = array("h", Path(switch.settings.recordings_incoming / f"{call}.raw").read_bytes())
    return Recording(8000, (values[0::2], values[1::2]))


def the_last(recording: Recording, seconds: float) -> Recording:
    return Recording(8000, tuple(channel[-int(seconds * 8000) :] for channel in recording.channels))


async def channel_of(events, endpoint: str) -> str:
    leg = await events.wait(lambda b: b.get("Event") == "Newchannel" and b.get("Channel", "").startswith(f"PJSIP/{endpoint}-"))
    return leg["Uniqueid"]


async def talk(caller, call) -> None:
    """Both hear each other for a while."""
    await asyncio.gather(
        hears(caller.audio, AGENT, candidates=TONES, seconds=SECONDS),
        hears(call.audio, CALLER, candidates=TONES, seconds=SECONDS),
    )


async def both_are_written(switch: RealAsterisk, call: str, seconds: float) -> None:
    """The newest part of the file has both sides, while they still talk: MixMonitor writes once in 32,768 bytes, each 1.024 s."""

    def is_there() -> bool:
        sound = the_last(raw_recording(switch, call), seconds)
        return all(sound.tone_seconds(side, pitch, TONES) > seconds * 0.8 for side, pitch in ((SAID, CALLER), (HEARD, AGENT)))

    async with asyncio.timeout(15):
        while not is_there():  # noqa: ASYNC110 - a file tells nobody that it grows
            await asyncio.sleep(0.1)


def both_are_there(sound: Recording) -> None:
    assert sound.tone_seconds(SAID, CALLER, TONES) > SECONDS * 0.8
    assert sound.tone_seconds(HEARD, AGENT, TONES) > SECONDS * 0.8
    assert sound.tone_seconds(SAID, AGENT, TONES) < 0.2


async def test_a_browsers_agent_is_recorded_at_the_right_speed(real_asterisk):  # noqa: F811
    kind = EndpointClass.WEBRTC
    async with (
        an_account(real_asterisk, kind) as account,
        a_phone(real_asterisk, kind, account) as registered,
        a_call_to(real_asterisk, account.user) as caller,
    ):
        call = await talking(registered.phone)
        await talk(caller, call)
        await both_are_written(real_asterisk, call.cti_call, SECONDS)
        caller.hangup()
        await call.sip.wait("ended")
        both_are_there(the_last(raw_recording(real_asterisk, call.cti_call), SECONDS + 0.5))


async def test_a_room_is_recorded_at_the_right_speed(real_asterisk):  # noqa: F811
    kind = EndpointClass.WEBRTC
    async with (
        ami_line(real_asterisk) as events,
        ami_control(real_asterisk) as ctl,
        an_account(real_asterisk, kind) as account,
        a_phone(real_asterisk, kind, account) as registered,
        a_call_to(real_asterisk, account.user) as caller,
    ):
        call = await talking(registered.phone)
        leg = await channel_of(events, account.user)
        await events.wait(lambda b: b.get("Event") == "BridgeEnter" and b.get("Uniqueid") == leg)  # before that Dial has it
        customer = await events.wait(lambda b: b.get("UserEvent") == "CTIArrived" and b.get("CTICall") == call.cti_call)
        both = {"Context": "cti-room-caller", "Exten": "room1", "Priority": "1", "ExtraContext": "cti-room-agent"}
        extra = {"ExtraChannel": leg, "ExtraExten": "room1", "ExtraPriority": "1"}
        said = await ctl.action("Redirect", Channel=customer["Uniqueid"], **both, **extra)
        assert said["Response"] == "Success"
        await talk(caller, call)
        await both_are_written(real_asterisk, call.cti_call, SECONDS)
        caller.hangup()
        both_are_there(the_last(raw_recording(real_asterisk, call.cti_call), SECONDS + 0.5))
