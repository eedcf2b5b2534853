"""The gateway's life: two log-ins, one fate. Against a scripted manager; the real one is in tests/telephony."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from datetime import UTC, datetime

import pytest

from cti.ami.backoff import Backoff
from cti.ami.event_queue import EventQueue
from cti.ami.gateway import AmiAccess, AmiGateway
from cti.ami.self_test import AccountRefused
from cti.ports.telephony import ActionRefused, HungUp, Place, SwitchDown, SwitchUnavailable, SwitchUp
from tests.unit.ami_peer import QUICK, AmiPeer, message


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 22, 1, 16, 26, tzinfo=UTC)

    def monotonic(self) -> float:
        return time.monotonic()


RNG = random.Random(1)  # noqa: S311  # jitter
HANGUP = message("Event: Hangup", "Timestamp: 1795310277.400162", "Channel: PJSIP/w1-00000006", "Uniqueid: own-2", "Cause: 16")


@contextlib.asynccontextmanager
async def running(peer: AmiPeer):
    async with peer.listening() as port:
        access = AmiAccess("127.0.0.1", port, "read", "ctl", boots_within=1.0)
        gateway = AmiGateway(access, switch="sw1", clock=Clock(), rng=RNG, pace=QUICK)
        task = asyncio.ensure_future(gateway.run())
        try:
            yield gateway, task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def heard(events, kind, seconds: float = 5.0):
    async with asyncio.timeout(seconds):
        async for event in events:
            if isinstance(event, kind):
                return event
    raise AssertionError(kind)


@pytest.fixture
def peer():
    return AmiPeer()


async def test_it_is_up_when_both_accounts_are_logged_in_and_asterisk_is_booted(peer):
    async with running(peer) as (gateway, _):
        up = await heard(gateway.events(), SwitchUp)
    assert not up.restarted
    assert [dict(headers).get("Username") for headers in peer.received if dict(headers)["Action"] == "Login"] == [
        "cti_read",
        "cti_ctl",
    ]


async def test_before_it_is_up_every_method_is_switch_unavailable(peer):
    peer.mute = True
    async with running(peer) as (gateway, _):
        for method in (gateway.snapshot(), gateway.hangup("1"), gateway.queue_add("fallback", "PJSIP/w1")):
            with pytest.raises(SwitchUnavailable):
                await method


@pytest.mark.parametrize("lost", [0, 1])
async def test_either_connection_lost_closes_both_and_both_come_back(peer, lost):
    async with running(peer) as (gateway, _):
        events = gateway.events()
        await heard(events, SwitchUp)
        first = list(peer.connections)
        first[lost].transport.abort()
        assert (await heard(events, SwitchDown)).why == "closed"
        await heard(events, SwitchUp)
        assert all(writer.is_closing() for writer in first)
        assert len(peer.connections) == 4


async def test_a_new_asterisk_process_is_told_as_restarted(peer):
    async with running(peer) as (gateway, _):
        events = gateway.events()
        await heard(events, SwitchUp)
        peer.started = "01:16:20"
        peer.connections[0].transport.abort()
        assert (await heard(events, SwitchUp)).restarted


async def test_an_ordered_shutdown_says_so(peer):
    async with running(peer) as (gateway, _):
        events = gateway.events()
        await heard(events, SwitchUp)
        peer.say(message("Event: Shutdown", "Shutdown: Cleanly", "Restart: True"))
        await asyncio.sleep(0.05)
        peer.connections[0].close()
        assert (await heard(events, SwitchDown)).why == "shutdown"


async def test_an_account_that_may_do_more_is_not_run_with(peer):
    peer.allowed["cti_ctl"].add("Command")
    async with running(peer) as (_, task):
        with pytest.raises(AccountRefused, match=r"cti_ctl may do more than .* command"):
            await asyncio.wait_for(task, 5)


async def test_an_account_that_may_do_too_little_is_not_run_with(peer):
    peer.allowed["cti_ctl"].discard("Originate")
    async with running(peer) as (_, task):
        with pytest.raises(AccountRefused, match="may not Originate"):
            await asyncio.wait_for(task, 5)


async def test_a_refused_secret_is_tried_again_with_patience(peer):
    peer.refuse_login = True
    async with running(peer) as (gateway, task):
        await asyncio.sleep(0.4)
        assert not task.done()
        peer.refuse_login = False
        await heard(gateway.events(), SwitchUp)


async def test_a_slow_consumer_loses_events_but_is_told_to_take_a_snapshot(peer):
    async with running(peer) as (gateway, _):
        events = gateway.events()
        await heard(events, SwitchUp)
        for _ in range(25):
            peer.say(HANGUP * 1000)
            await asyncio.sleep(0.01)
        async with asyncio.timeout(10):
            while gateway.overflows == 0:  # noqa: ASYNC110  # the reader works beside us
                await asyncio.sleep(0.01)
        assert (await heard(events, SwitchDown)).why == "overflow"
        assert isinstance(await anext(events), SwitchUp)
        assert gateway.up


async def test_an_event_of_the_switch_reaches_the_consumer(peer):
    async with running(peer) as (gateway, _):
        events = gateway.events()
        await heard(events, SwitchUp)
        peer.say(HANGUP)
        hung = await heard(events, HungUp)
    assert (hung.uniqueid, hung.endpoint, hung.cause) == ("own-2", "w1", 16)
    assert hung.at == datetime.fromtimestamp(1795310277.400162, UTC)


async def test_a_member_that_is_there_already_is_no_error_and_a_missing_queue_is(peer):
    def refuses(name, headers):
        aid = f"ActionID: {dict(headers)['ActionID']}"
        if name == "QueueAdd":
            return message("Response: Error", aid, "Message: whatever it says")
        if name == "QueueStatus":
            start = message("Response: Success", aid, "EventList: start", "Message: Queue status will follow")
            row = message("Event: QueueMember", "Queue: fallback", "Location: PJSIP/w1", aid)
            return start + row + message("Event: QueueStatusComplete", aid, "EventList: Complete")
        return None

    peer.answer = refuses
    async with running(peer) as (gateway, _):
        await heard(gateway.events(), SwitchUp)
        await gateway.queue_add("fallback", "PJSIP/w1")
        with pytest.raises(ActionRefused):
            await gateway.queue_add("fallback", "PJSIP/w2")


async def test_a_lost_originate_is_never_sent_again(peer):
    peer.answer = lambda name, _headers: b"" if name == "Originate" else None
    async with running(peer) as (gateway, _):
        events = gateway.events()
        await heard(events, SwitchUp)
        place = Place("cti-agenthold")
        asked = asyncio.ensure_future(gateway.originate(channel_id="o1", channel="PJSIP/w1", to=place, variables={}))
        await asyncio.sleep(0.05)
        peer.connections[1].transport.abort()
        with pytest.raises(SwitchUnavailable):
            await asked
        await heard(events, SwitchUp)
        await asyncio.sleep(0.1)
        assert peer.names().count("Originate") == 1


def test_the_wait_between_attempts_doubles_up_to_five_seconds_with_jitter():
    backoff = Backoff(RNG)
    waits = [backoff.wait() for _ in range(8)]
    for wait, full in zip(waits, [0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5], strict=True):
        assert 0.8 * full <= wait <= full
    backoff.reset()
    assert backoff.wait() <= 0.2


async def test_the_queue_keeps_the_switchs_order():
    queue = EventQueue(Clock(), size=10)
    for number in range(5):
        queue.put(SwitchUp(Clock().now(), "", str(number), restarted=False))
    events = queue.stream()
    assert [(await anext(events)).uniqueid for _ in range(5)] == ["0", "1", "2", "3", "4"]
