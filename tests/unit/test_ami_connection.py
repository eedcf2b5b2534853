"""The measured faults of panoramisk are closed: each test names one."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from cti.ami.connection import AmiConnection, Login, LoginRefused, Pace
from cti.ami.event import header_of, name_of
from cti.ports.telephony import ActionRefused, InvalidValue, SwitchUnavailable
from tests.unit.ami_peer import QUICK, AmiPeer, connected, message

NO_PING = Pace(ping_every=60)  # its answer would come between two parts of a block


async def until(condition, seconds: float = 2.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in the library
            await asyncio.sleep(0.005)


@pytest.fixture
def peer():
    return AmiPeer()


async def test_an_answer_finds_its_action(peer):
    async with connected(peer) as connection:
        answers = await asyncio.gather(*(connection.action({"Action": "CoreStatus"}) for _ in range(5)))
        assert {answer.get("CoreStartupDate") for answer in answers} == {"2026-11-22"}


async def test_a_refused_log_in_is_an_error(peer):
    peer.refuse_login = True
    with pytest.raises(LoginRefused):
        async with connected(peer):
            pass


async def test_no_listener_is_switch_unavailable():
    connection = AmiConnection(Login("127.0.0.1", 1, "x", "y"), lambda _event: None, QUICK)
    with pytest.raises(SwitchUnavailable):
        await connection.connect()


async def test_before_the_log_in_an_action_is_switch_unavailable():
    connection = AmiConnection(Login("127.0.0.1", 1, "x", "y"), lambda _event: None, QUICK)
    with pytest.raises(SwitchUnavailable):
        await connection.action({"Action": "Ping"})


async def test_an_unanswered_action_fails_in_time_and_leaves_nothing_behind(peer):
    peer.answer = lambda name, _headers: b"" if name == "Redirect" else None
    async with connected(peer, pace=replace(QUICK, answer_within=0.3)) as connection:
        with pytest.raises(SwitchUnavailable):
            await connection.action({"Action": "Redirect"})
        await until(lambda: connection.pending <= 1)  # a Ping may be on its way
        assert (await connection.action({"Action": "CoreStatus"})).get("Response") == "Success"


async def test_a_lost_connection_fails_what_is_pending_and_nothing_is_sent_again(peer):
    peer.answer = lambda name, _headers: b"" if name == "Originate" else None
    async with connected(peer) as connection:
        asked = asyncio.ensure_future(connection.action({"Action": "Originate", "Async": "true"}))
        await until(lambda: "Originate" in peer.names())
        peer.connections[0].transport.abort()
        with pytest.raises(SwitchUnavailable):
            await asked
        assert await connection.closed() == "closed"
        await asyncio.sleep(0.1)
        assert peer.names().count("Originate") == 1


async def test_half_a_list_fails_when_the_connection_is_lost(peer):
    def half(name, headers):
        if name != "Status":
            return None
        aid = f"ActionID: {dict(headers)['ActionID']}"
        return message("Response: Success", aid, "EventList: start") + message("Event: Status", aid, "Uniqueid: 1")

    peer.answer = half
    async with connected(peer) as connection:
        asked = asyncio.ensure_future(connection.listing({"Action": "Status"}, "Status"))
        await until(lambda: "Status" in peer.names())
        await asyncio.sleep(0.02)
        peer.connections[0].transport.abort()
        with pytest.raises(SwitchUnavailable):
            await asked


async def test_a_list_is_complete_while_other_events_pass_by(peer):
    def rows(name, headers):
        if name != "Status":
            return None
        aid = f"ActionID: {dict(headers)['ActionID']}"
        row = [message("Event: Status", aid, f"Uniqueid: {n}") for n in range(3)]
        other = message("Event: Newchannel", "Uniqueid: 99")
        start = message("Response: Success", aid, "EventList: start", "Message: Channel status will follow")
        end = message("Event: StatusComplete", aid, "EventList: Complete", "ListItems: 3")
        return start + row[0] + other + row[1] + row[2] + end

    heard: list[bytes] = []
    peer.answer = rows
    async with connected(peer, heard.append) as connection:
        answers = await connection.listing({"Action": "Status"}, "Status")
    assert [answer.get("Uniqueid") for answer in answers] == ["0", "1", "2"]
    assert [name_of(event) for event in heard] == [b"FullyBooted", b"Newchannel"]


async def test_originate_and_queue_add_do_not_wait_for_events_that_come_later(peer):
    peer.answer = lambda name, headers: {
        "Originate": message(
            "Response: Success", f"ActionID: {dict(headers)['ActionID']}", "Message: Originate successfully queued"
        ),
        "QueueAdd": message("Response: Success", f"ActionID: {dict(headers)['ActionID']}", "Message: Added interface to queue"),
    }.get(name)
    async with connected(peer) as connection:
        await connection.action({"Action": "Originate", "Async": "true"})
        await connection.action({"Action": "QueueAdd"})


async def test_a_silent_peer_is_dropped(peer):
    async with connected(peer) as connection:
        peer.mute = True
        async with asyncio.timeout(2):
            assert await connection.closed() == "silent"
        with pytest.raises(SwitchUnavailable):
            await connection.action({"Action": "CoreStatus"})


async def test_our_own_loop_standing_still_is_not_the_peers_silence(peer):
    """Also while a question of ours is under way: the peer, who shares this loop, stood still with it."""
    async with connected(peer) as connection:
        for _ in range(3):
            async with asyncio.timeout(2):
                while not connection.pending:  # noqa: ASYNC110  # each turn of the loop: a Ping sent, not yet read by the peer
                    await asyncio.sleep(0)
            time.sleep(0.4)  # longer than dead_after  # noqa: ASYNC251  # the fault itself
            await until(lambda: not connection.pending)
        assert (await connection.action({"Action": "CoreStatus"})).get("Response") == "Success"


async def test_a_character_split_over_two_reads_is_whole(peer):
    heard: list[bytes] = []
    block = message("Event: Newchannel", "CallerIDName: Иван 张三", "Uniqueid: 1")
    cut = block.index("И".encode()) + 1
    async with connected(peer, heard.append, NO_PING):
        peer.say(block[:cut])
        await asyncio.sleep(0.05)
        peer.say(block[cut:])
        await until(lambda: any(name_of(event) == b"Newchannel" for event in heard))
    assert header_of(heard[-1], "CallerIDName") == "Иван 张三"


async def test_a_block_cut_at_every_byte_is_the_same_block(peer):
    heard: list[bytes] = []
    block = message("Event: Hangup", "Uniqueid: 1", "Cause: 16")
    async with connected(peer, heard.append, NO_PING):
        for byte in block:
            peer.say(bytes([byte]))
            await asyncio.sleep(0)
        await until(lambda: any(name_of(event) == b"Hangup" for event in heard))
    assert header_of(heard[-1], "Cause") == "16"


async def test_a_handler_that_fails_costs_neither_the_connection_nor_the_rest(peer, caplog):
    heard: list[bytes] = []

    def fails(event: bytes) -> None:
        heard.append(name_of(event))
        raise RuntimeError("handler")

    async with connected(peer, fails) as connection:
        peer.say(message("Event: One") + message("Event: Two"))
        await until(lambda: b"Two" in heard)
        assert (await connection.action({"Action": "CoreStatus"})).get("Response") == "Success"
    assert "a handler of AMI events failed" in caplog.text


async def test_a_cancelled_action_is_cancelled_and_the_connection_goes_on(peer):
    peer.answer = lambda name, _headers: b"" if name == "Redirect" else None
    async with connected(peer) as connection:
        asked = asyncio.ensure_future(connection.action({"Action": "Redirect"}))
        await until(lambda: "Redirect" in peer.names())
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert (await connection.action({"Action": "CoreStatus"})).get("Response") == "Success"


async def test_a_cancellation_in_the_very_turn_of_the_answer_is_not_swallowed(peer):
    """Else the heartbeat of a core that stops would go on for ever, and the core with it."""
    async with connected(peer) as connection:
        protocol = connection._manager.protocol
        read = protocol.data_received

        def read_and_cancel(data):
            read(data)
            if b"CoreStartupDate" in data:
                assert task.cancel()

        protocol.data_received = read_and_cancel
        task = asyncio.ensure_future(connection.action({"Action": "CoreStatus"}))
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_an_error_answer_is_action_refused(peer):
    peer.answer = lambda name, headers: (
        message("Response: Error", f"ActionID: {dict(headers)['ActionID']}", "Message: No such channel")
        if name == "Redirect"
        else None
    )
    async with connected(peer) as connection:
        with pytest.raises(ActionRefused) as refused:
            await connection.action({"Action": "Redirect"})
    assert (refused.value.action, refused.value.message) == ("Redirect", "No such channel")


async def test_a_peer_that_never_ends_its_block_is_dropped(peer):
    async with connected(peer, pace=NO_PING) as connection:
        for _ in range(40):
            peer.say(b"x" * 65536)
            await asyncio.sleep(0.001)
        async with asyncio.timeout(10):
            assert await connection.closed() == "closed"


@pytest.mark.parametrize(
    "bad",
    [
        {"Channel": "a\r\nAction: Command"},
        {"Channel": "a\nb"},
        {"Channel": "a\0b"},
        {"Channel": "a\x85b"},
        {"Channel": "\ud800"},
        {"Channel": "x" * 1014},
        {"Bad: name": "x"},
        {"Variable": ["a=1"] * 126},
    ],
)
async def test_what_would_not_be_one_action_is_never_sent(peer, bad):
    async with connected(peer) as connection:
        with pytest.raises(InvalidValue):
            await connection.action({"Action": "Redirect", **bad})
        assert "Redirect" not in peer.names()
