"""Calls on the dialplan alone: no core answers, or a heartbeat is beaten by hand."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from carillon.softphone.call import CallState
from carillon.softphone.callee import Behaviour, Callee
from carillon.softphone.caller import Caller
from carillon.softphone.sound import Loop, tone
from cti.services.talks import LOST
from tests.support.ami_lines import AmiLine, ami_control, ami_line
from tests.support.asterisk import RealAsterisk, real_asterisk
from tests.support.ears import Recording, read_recording

pytestmark = pytest.mark.telephony
__all__ = ["real_asterisk"]

CALLER_TONE, CALLED_TONE = 440, 1000
BYTES_PER_SECOND = 16_000  # of one side; the raw file has two


def a_caller(switch: RealAsterisk, **who: str) -> Caller:
    return Caller(("127.0.0.1", switch.settings.sip_port), **who)


@asynccontextmanager
async def beating(control: AmiLine) -> AsyncIterator[None]:
    """The core's heartbeat, by hand."""

    async def beat() -> None:
        count = 0
        while True:
            count += 1
            await control.action("Setvar", Variable="CTI_HB", Value=f"abcd{count}")
            await asyncio.sleep(1)

    task = asyncio.ensure_future(beat())
    try:
        yield
    finally:
        task.cancel()


async def redirect(control: AmiLine, uniqueid: str, context: str, exten: str = "s") -> None:
    answer = await control.action("Redirect", Channel=uniqueid, Context=context, Exten=exten, Priority="1")
    assert answer["Response"] == "Success"


async def test_a_call_reaches_the_emergency_path_at_once_when_no_core_listens(real_asterisk: RealAsterisk) -> None:
    async with ami_line(real_asterisk) as ami, a_caller(real_asterisk) as caller:
        caller.dial("4001")
        arrived = await ami.user_event("CTIArrived")
        fallback = await ami.user_event("CTIFallback", arrived["CTICall"])
        assert fallback["CTIWhy"] == "undecided"
        await ami.wait(lambda e: e.get("Event") == "QueueCallerJoin" and e["Uniqueid"] == arrived["Uniqueid"])


@pytest.mark.parametrize(
    "name",
    [
        "Ли Вэй 李伟",
        "a),:5 b",
        "x,CTICall: forged",
        "'); DROP TABLE owners;--",
        "${SHELL(id)} $[1+1]",
        "<b>&amp;</b>",
        "100%25",
        "[a(b\\c",
        'q"r]s',
    ],
)
async def test_a_callers_name_arrives_as_it_was_sent(real_asterisk: RealAsterisk, name: str) -> None:
    async with ami_line(real_asterisk) as ami, a_caller(real_asterisk, name=name) as caller:
        caller.dial("4001")
        arrived = await ami.user_event("CTIArrived")
        assert arrived["CTIName"] == name.replace("\\", "\\\\").replace('"', '\\"')  # Asterisk keeps SIP's own escapes
        assert arrived["CTIDnis"] == "4001"
        assert arrived["CTISipCallId"] == caller.sip_call_id


@pytest.mark.parametrize(
    "dialled", ["4001%26PJSIP%2F900%40trunk", "4001&PJSIP/900@trunk", "4001%24%7BSHELL(id)%7D", "4001,1,1", "4001);x", "9" * 300]
)
async def test_a_hostile_dialled_string_makes_one_channel(real_asterisk: RealAsterisk, dialled: str) -> None:
    async with ami_line(real_asterisk) as ami:
        async with a_caller(real_asterisk) as caller:
            caller.dial(dialled)
            await caller.call.wait(CallState.UP, CallState.ENDED)
            if caller.up:
                await ami.user_event("CTIFallback")
        if caller.call.code == 200:
            await ami.wait(lambda e: e.get("Event") == "Hangup")
    assert len([e for e in ami.events if e.get("Event") == "Newchannel"]) <= 1
    assert not [e for e in ami.events if e.get("Event") == "DialBegin"]


async def test_a_caller_from_another_address_than_the_trunks_is_nobody(real_asterisk: RealAsterisk) -> None:
    async with a_caller(real_asterisk, number="trunk", local="127.0.0.1") as liar:
        liar.dial("4001")
        await liar.call.wait(CallState.ENDED)
        assert liar.call.code == 401


async def test_a_caller_stays_in_hold_while_the_heart_beats_and_leaves_when_it_stops(real_asterisk: RealAsterisk) -> None:
    async with ami_line(real_asterisk) as ami, ami_control(real_asterisk) as control, a_caller(real_asterisk) as caller:
        async with beating(control):
            call, uniqueid = await held(ami, control, caller)
            with pytest.raises(TimeoutError):
                await second_fallback(ami, call, timeout=13)
        assert (await second_fallback(ami, call, timeout=30))["CTIWhy"] == "heartbeat"
        del uniqueid


async def held(ami: AmiLine, control: AmiLine, caller: Caller) -> tuple[str, str]:
    """Call, wait for the queue, move into hold; (call, uniqueid)."""
    caller.say(Loop(tone(CALLER_TONE)))
    caller.dial("4001")
    arrived = await ami.user_event("CTIArrived")
    uniqueid, call = arrived["Uniqueid"], arrived["CTICall"]
    await ami.wait(lambda e: e.get("Event") == "QueueCallerJoin" and e["Uniqueid"] == uniqueid)
    await redirect(control, uniqueid, "cti-hold")
    await ami.wait(lambda e: e.get("Event") == "MusicOnHoldStart" and e["Uniqueid"] == uniqueid and e["Context"] == "cti-hold")
    return call, uniqueid


async def second_fallback(ami: AmiLine, call: str, timeout: float) -> dict[str, str]:
    return await ami.wait(
        lambda e: e.get("UserEvent") == "CTIFallback" and e["CTICall"] == call and e["CTIWhy"] != "undecided", timeout
    )


@pytest.mark.parametrize(("context", "exten"), [("cti-hold", "nowhere"), ("cti-ring", "nobody-there"), ("cti-ring", "x")])
async def test_a_redirect_to_nowhere_comes_back_to_hold(real_asterisk: RealAsterisk, context: str, exten: str) -> None:
    async with ami_line(real_asterisk) as ami, ami_control(real_asterisk) as control, a_caller(real_asterisk) as caller:
        _, uniqueid = await held(ami, control, caller)
        before = len([e for e in ami.events if e.get("UserEvent") == "CTIHold"])
        await redirect(control, uniqueid, context, exten)
        await ami.wait(lambda _: len([e for e in ami.events if e.get("UserEvent") == "CTIHold"]) > before)
        assert caller.up


async def test_a_ring_that_fails_says_so_and_returns_the_caller(real_asterisk: RealAsterisk) -> None:
    async with ami_line(real_asterisk) as ami, ami_control(real_asterisk) as control, a_caller(real_asterisk) as caller:
        call, uniqueid = await held(ami, control, caller)
        await redirect(control, uniqueid, "cti-ring", "w1nobody")
        ended = await ami.user_event("CTIRingEnd", call)
        assert (ended["CTIDialStatus"], ended["CTIAgent"]) == ("CHANUNAVAIL", "w1nobody")
        await ami.wait(lambda e: e.get("UserEvent") == "CTIHold" and e["CTICall"] == call and e["CTIWhy"] == "returned")


async def test_a_place_in_the_queue_is_spoken_once_and_music_goes_on(real_asterisk: RealAsterisk) -> None:
    async with ami_line(real_asterisk) as ami, ami_control(real_asterisk) as control, a_caller(real_asterisk) as caller:
        async with beating(control):
            _, uniqueid = await held(ami, control, caller)

            def starts() -> int:
                return len([e for e in ami.events if e.get("Event") == "MusicOnHoldStart" and e["Uniqueid"] == uniqueid])

            before = starts()
            await control.action("Setvar", Channel=uniqueid, Variable="CTI_SAY", Value="3")
            await ami.wait(lambda _: starts() > before, timeout=12)
            assert "position-3' (language 'zh')" not in real_asterisk.log  # a missing prompt would be warned of
        assert "does not exist in any format" not in real_asterisk.log


async def test_the_recording_has_the_customer_left_and_what_he_hears_right(real_asterisk: RealAsterisk, tmp_path: Path) -> None:
    async with ami_line(real_asterisk) as ami, ami_control(real_asterisk) as control, a_caller(real_asterisk) as caller:
        call, uniqueid = await held(ami, control, caller)
        raw = real_asterisk.settings.recordings_incoming / f"{call}.raw"
        await written(raw, 2 * BYTES_PER_SECOND * 3)
        caller.hangup()
        await ami.wait(lambda e: e.get("Event") == "Hangup" and e["Uniqueid"] == uniqueid)
    recording = as_wav(raw, tmp_path / "call.wav")
    assert recording.tone_seconds(0, CALLER_TONE, [CALLER_TONE, CALLED_TONE]) > 1
    assert recording.tone_seconds(1, CALLER_TONE, [CALLER_TONE, CALLED_TONE]) == 0
    assert recording.loudness(1) > 0


async def written(file: Path, size: int) -> None:
    """So many bytes at least: the recorder writes in a thread of its own."""
    async with asyncio.timeout(20):
        while not file.exists() or file.stat().st_size <= size:  # noqa: ASYNC110, ASYNC240 - a file tells nobody that it grows
            await asyncio.sleep(0.05)


def as_wav(raw: Path, target: Path) -> Recording:
    with wave.open(str(target), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(raw.read_bytes())
    return read_recording(target)


async def test_a_call_out_reaches_the_called_party_and_is_recorded_on_his_leg(real_asterisk: RealAsterisk) -> None:
    peer = ("127.0.0.2", real_asterisk.settings.trunk_peer_port)
    async with (
        ami_line(real_asterisk) as ami,
        ami_control(real_asterisk) as control,
        Callee(peer, Behaviour(answer_after=0.2)) as callee,
    ):
        answer = await control.action(
            "Originate",
            Channel="PJSIP/+8613900139000@trunk",  # stands for the agent's leg: he answers by himself
            Context="cti-out",
            Exten="13700137000",
            Priority="1",
            Async="true",
            Variable="__CTI_CALL=out-1,CTI_REC=1",
        )
        assert answer["Response"] == "Success"
        assert (await callee.wait_call(2)).number == "13700137000"
        answered = await ami.user_event("CTIOutAnswered", "out-1")
        await written(real_asterisk.settings.recordings_incoming / "out-1.raw", BYTES_PER_SECOND)
        callee.calls[1].call.hangup()
        ended = await ami.user_event("CTIOutEnd", "out-1")
        assert ended["CTIDialStatus"] == "ANSWER"
        await ami.wait(lambda e: e.get("Event") == "Hangup" and e["Uniqueid"] == answered["Uniqueid"])


async def test_a_called_party_is_kept_for_a_second_when_the_leg_that_dialled_is_lost(real_asterisk: RealAsterisk) -> None:
    peer = ("127.0.0.2", real_asterisk.settings.trunk_peer_port)
    async with (
        ami_line(real_asterisk) as ami,
        ami_control(real_asterisk) as control,
        Callee(peer, Behaviour(answer_after=0.2)) as callee,
    ):
        await control.action(
            "Originate",
            Channel="PJSIP/1390@trunk",
            Context="cti-out",
            Exten="1370",
            Priority="1",
            Async="true",
            Variable="__CTI_CALL=out-2",
        )
        answered = await ami.user_event("CTIOutAnswered", "out-2")
        callee.calls[0].call.hangup()
        left = await ami.user_event("CTIAgentLeft", "out-2")
        assert left["Uniqueid"] == answered["Uniqueid"]


async def test_cdr_and_cel_carry_the_calls_own_id_and_the_dialled_number(real_asterisk: RealAsterisk) -> None:
    async with ami_line(real_asterisk) as ami:
        async with a_caller(real_asterisk) as caller:
            caller.dial("4002")
            arrived = await ami.user_event("CTIArrived")
            await ami.user_event("CTIFallback")
        await ami.wait(lambda e: e.get("Event") == "Hangup" and e["Uniqueid"] == arrived["Uniqueid"])
    folder: Path = real_asterisk.settings.switch_dir / "cdr"
    call = arrived["CTICall"]
    assert await lines_of(folder / "cdr.csv", call, '"4002"')
    assert await lines_of(folder / "cel.csv", call, '"HANGUP"')


async def lines_of(file: Path, *words: str) -> list[str]:
    """Lines with all the words, once there are any."""
    async with asyncio.timeout(15):
        while True:
            text = await asyncio.to_thread(lambda: file.read_text() if file.exists() else "")
            found = [line for line in text.splitlines() if all(word in line for word in words)]
            if found:
                return found
            await asyncio.sleep(0.05)


async def test_an_agents_leg_in_hold_ends_when_the_core_is_gone(real_asterisk: RealAsterisk) -> None:
    peer = ("127.0.0.2", real_asterisk.settings.trunk_peer_port)
    async with (
        ami_line(real_asterisk) as ami,
        ami_control(real_asterisk) as control,
        Callee(peer, Behaviour(answer_after=0.1)) as callee,
    ):
        await control.action(
            "Originate",
            Channel="PJSIP/1390@trunk",
            Context="cti-agenthold",
            Exten="s",
            Priority="1",
            Async="true",
            Variable="__CTI_CALL=ah",
        )
        leg = (await ami.user_event("CTIAgentHold", "ah"))["Uniqueid"]
        received = await callee.wait_call()
        await received.call.wait(CallState.ENDED, timeout=14)
        ended = await ami.wait(lambda e: e.get("Event") == "Hangup" and e["Uniqueid"] == leg)
        assert int(ended["Cause"]) in LOST  # not his doing: a core that is back keeps the caller for him


async def test_no_secret_is_written_into_the_log_while_the_core_is_away(real_asterisk: RealAsterisk) -> None:
    async with ami_line(real_asterisk) as ami, a_caller(real_asterisk) as caller:
        caller.dial("4001")
        await ami.user_event("CTIFallback")
        async with asyncio.timeout(15):
            while "FastAGI failed" not in real_asterisk.log:  # noqa: ASYNC110 - a thread of its own writes the log
                await asyncio.sleep(0.05)
    assert real_asterisk.secrets.agi not in real_asterisk.log
