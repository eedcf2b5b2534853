"""Whoever speaks to the customer is recorded, wherever the sequence numbers of his RTP begin (extensions.conf, cti-record-on)."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest

from carillon.softphone.audio import RtpAudio
from carillon.softphone.caller import Caller
from cti.ports.accounts import EndpointClass
from tests.support.ami_lines import AmiLine, ami_control, ami_line
from tests.support.asterisk import RealAsterisk, real_asterisk  # noqa: F401 - a fixture
from tests.support.ears import hears
from tests.telephony.test_recording_sound import HEARD, SAID, both_are_written, raw_recording, the_last
from tests.telephony.test_softagent_phone import AGENT, CALLER, TONES, a_call_to, a_phone, an_account, talking

pytestmark = pytest.mark.telephony
SECONDS = 1.0
LOW, HIGH = 100, 32_000  # two agents, as browsers begin: in the lower half of the range
BEGINNINGS = (0, 20_000, 32_767, 32_769, 45_000, 65_500)  # of telephones: anywhere (RFC 3550, 5.1); the last one wraps


@pytest.fixture
def begin_at(monkeypatch: pytest.MonkeyPatch):
    """Where the next softphones' sequence numbers begin."""
    numbers: list[int] = []
    opened = RtpAudio.open

    async def at_that(host: str, kept_frames: int = 3000) -> RtpAudio:
        audio = await opened(host, kept_frames)
        audio._sequence = numbers[0]
        return audio

    monkeypatch.setattr(RtpAudio, "open", at_that)
    monkeypatch.setattr("aiortc.rtcrtpsender.random_sequence_number", lambda: numbers[0])

    def begin(number: int) -> None:
        numbers[:] = [number]

    return begin


@dataclass(frozen=True)
class Legs:
    """The customer's leg can be moved, as the core does."""

    switch: RealAsterisk
    caller: Caller
    events: AmiLine
    ctl: AmiLine

    async def customer(self, call) -> str:
        event = await self.events.wait(lambda b: b.get("UserEvent") == "CTIArrived" and b.get("CTICall") == call.cti_call)
        return event["Uniqueid"]

    async def agent(self, endpoint: str) -> str:
        wanted = f"PJSIP/{endpoint}-"
        event = await self.events.wait(lambda b: b.get("Event") == "Newchannel" and b.get("Channel", "").startswith(wanted))
        return event["Uniqueid"]

    async def written(self, call, seconds: float) -> None:
        """So much is in the file (looked at every 100 ms, for ten seconds)."""
        for _ in range(100):
            if raw_recording(self.switch, call.cti_call).seconds >= seconds:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"the recording has no {seconds} s")

    async def move(self, uniqueid: str, context: str, exten: str = "s", **extra: str) -> None:
        self.events.events.clear()  # who waits for a thing wants it from now on
        said = await self.ctl.action("Redirect", Channel=uniqueid, Context=context, Exten=exten, Priority="1", **extra)
        assert said["Response"] == "Success", said

    async def music(self, uniqueid: str) -> None:
        """Only when it plays may a call be moved on."""
        await self.events.wait(lambda b: b.get("Event") == "MusicOnHoldStart" and b.get("Uniqueid") == uniqueid)

    async def recorded(self, call) -> None:
        """Both are heard by each other and in the recording from now on."""
        await asyncio.gather(
            hears(self.caller.audio, AGENT, candidates=TONES, seconds=SECONDS),
            hears(call.audio, CALLER, candidates=TONES, seconds=SECONDS),
        )
        await both_are_written(self.switch, call.cti_call, SECONDS / 2)

    async def stands_still(self, call) -> float:
        """Seconds in the file when nothing more came for longer than the writer keeps anything."""
        before, seconds = -1.0, raw_recording(self.switch, call.cti_call).seconds
        async with asyncio.timeout(15):
            while seconds != before:
                await asyncio.sleep(1.5)
                before, seconds = seconds, raw_recording(self.switch, call.cti_call).seconds
        return seconds


@asynccontextmanager
async def talk(switch: RealAsterisk, kind: EndpointClass, agents: int = 1):
    """A caller with the first of some agents, on music before that; their accounts and phones."""
    async with AsyncExitStack() as stack:
        accounts = [await stack.enter_async_context(an_account(switch, kind)) for _ in range(agents)]
        phones = [(await stack.enter_async_context(a_phone(switch, kind, one))).phone for one in accounts]
        events = await stack.enter_async_context(ami_line(switch))
        ctl = await stack.enter_async_context(ami_control(switch))
        caller = await stack.enter_async_context(a_call_to(switch, accounts[0].user))
        call = await talking(phones[0])
        yield Legs(switch, caller, events, ctl), call, accounts, phones
        caller.hangup()
        for phone in phones:
            await phone.changes.until(lambda: not phone.calls, 10)  # noqa: B023 - used at once


@pytest.mark.parametrize("number", BEGINNINGS)
async def test_an_agent_after_the_music_is_recorded(real_asterisk, begin_at, number):  # noqa: F811
    begin_at(number)
    async with talk(real_asterisk, EndpointClass.PLAIN) as (legs, call, _, _):
        await legs.recorded(call)


@pytest.mark.parametrize("kind", list(EndpointClass))
@pytest.mark.parametrize("numbers", [(LOW, HIGH), (HIGH, LOW)], ids=["upwards", "downwards"])
async def test_a_second_agent_is_recorded(real_asterisk, begin_at, kind, numbers):  # noqa: F811
    begin_at(numbers[0])
    async with talk(real_asterisk, kind, agents=2) as (legs, call, accounts, phones):
        await legs.recorded(call)
        begin_at(numbers[1])
        customer = await legs.customer(call)
        await legs.move(customer, "cti-hold")
        await legs.music(customer)
        await legs.move(customer, "cti-ring", accounts[1].user)
        await legs.recorded(await talking(phones[1]))


@pytest.mark.parametrize("kind", list(EndpointClass))
async def test_an_agent_is_recorded_again_after_hold(real_asterisk, begin_at, kind):  # noqa: F811
    begin_at(HIGH)
    async with talk(real_asterisk, kind) as (legs, call, accounts, _):
        await legs.recorded(call)
        customer, leg = await legs.customer(call), await legs.agent(accounts[0].user)
        extra = {"ExtraChannel": leg, "ExtraContext": "cti-agenthold", "ExtraExten": "s", "ExtraPriority": "1"}
        await legs.move(customer, "cti-hold", **extra)
        await legs.music(customer)
        for one in (customer, leg):
            await legs.ctl.action("Setvar", Channel=one, Variable="CTI_STATE", Value="talk")
        said = await legs.ctl.action("Bridge", Channel1=customer, Channel2=leg)
        assert said["Response"] == "Success", said
        await legs.recorded(call)


async def test_a_paused_recording_stays_paused_on_hold(real_asterisk, begin_at):  # noqa: F811
    begin_at(LOW)
    async with talk(real_asterisk, EndpointClass.PLAIN) as (legs, call, _, _):
        await legs.recorded(call)
        customer = await legs.customer(call)
        await legs.ctl.action("Setvar", Channel=customer, Variable="CTI_PAUSED", Value="1")
        await legs.ctl.action("MixMonitorMute", Channel=customer, Direction="both", State="1")
        await legs.move(customer, "cti-hold")
        await legs.music(customer)
        before = raw_recording(real_asterisk, call.cti_call).seconds
        await legs.written(call, before + 2 * SECONDS)
        sound = the_last(raw_recording(real_asterisk, call.cti_call), SECONDS)
        assert sound.loudness(SAID) == sound.loudness(HEARD) == 0


async def test_on_the_way_into_a_queue_that_is_not_recorded_the_recording_ends(real_asterisk, begin_at):  # noqa: F811
    begin_at(LOW)
    async with talk(real_asterisk, EndpointClass.PLAIN, agents=2) as (legs, call, accounts, phones):
        await legs.recorded(call)
        customer = await legs.customer(call)
        await legs.ctl.action("Setvar", Channel=customer, Variable="CTI_REC", Value="0")
        await legs.move(customer, "cti-hold")
        await legs.music(customer)
        before = await legs.stands_still(call)
        await legs.move(customer, "cti-ring", accounts[1].user)
        await talking(phones[1])
        await hears(legs.caller.audio, AGENT, candidates=TONES, seconds=SECONDS)
        await asyncio.sleep(1.2)  # the writer puts down what it has about once a second
        assert raw_recording(real_asterisk, call.cti_call).seconds == before
