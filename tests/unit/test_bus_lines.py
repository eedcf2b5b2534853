"""The bus's local socket as bytes: what is no message, lines in pieces, a peer that does not read."""

from __future__ import annotations

import asyncio
import random
import socket

import pytest

from cti.bus import lines as lines_module
from cti.bus.lines import Lines
from cti.bus.local import LocalBusClient, LocalBusServer
from cti.bus.port import BEAT_S, SILENCE_S
from tests.support.bus import RecordingApi, RecordingCore, command, until


class End:
    """What one end of a real socket pair heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.over = asyncio.Event()
        self.lines = Lines(self.received, self.over.set)

    def received(self, line: bytes) -> bool:
        self.heard.append(line)
        return line != b"stop"


@pytest.fixture
async def pair():
    """Our end, and the peer's bare socket."""
    ours, peer = socket.socketpair()
    end = End()
    transport, _ = await asyncio.get_running_loop().create_connection(lambda: end.lines, sock=ours)
    peer.setblocking(False)
    yield end, peer
    transport.abort()
    peer.close()
    await until(end.over.is_set, what="the end")


async def test_lines_in_pieces_and_in_heaps_arrive_whole_and_in_order(pair):
    end, peer = pair
    for piece in (b"on", b"e\ntwo\nth", b"r", b"ee\n"):
        peer.send(piece)
        await asyncio.sleep(0.01)
    await until(lambda: len(end.heard) == 3, what="three lines")
    assert end.heard == [b"one", b"two", b"three"]


async def test_nothing_is_read_after_a_line_that_ends_the_link(pair):
    end, peer = pair
    peer.send(b"stop\nmore\n")
    await asyncio.wait_for(end.over.wait(), 5)
    assert end.heard == [b"stop"]


async def test_a_line_without_an_end_is_cut(pair, monkeypatch):
    end, peer = pair
    monkeypatch.setattr(lines_module, "LINE_LIMIT", 1000)
    peer.send(b"x" * 2000)
    await asyncio.wait_for(end.over.wait(), 5)
    assert end.heard == []


async def test_too_much_for_a_peer_that_does_not_read_cuts_the_link(pair, monkeypatch):
    end, _peer = pair
    monkeypatch.setattr(lines_module, "WAITING_BYTES", 1_000_000)
    for _ in range(40):
        end.lines.send(b"x" * 100_000 + b"\n")
    await asyncio.wait_for(end.over.wait(), 5)


async def test_one_line_alone_may_be_larger_than_what_may_wait(pair, monkeypatch):
    end, peer = pair
    monkeypatch.setattr(lines_module, "WAITING_BYTES", 1000)
    end.lines.send(b"x" * 100_000 + b"\n")
    got = b""
    while not got.endswith(b"\n"):
        got += await asyncio.wait_for(asyncio.get_running_loop().sock_recv(peer, 65536), 5)
    assert len(got) == 100_001
    assert not end.over.is_set()


async def test_a_peer_that_takes_nothing_is_away(pair):
    end, peer = pair
    for _ in range(20):
        end.lines.send(b"x" * 100_000 + b"\n")
    for _ in range(60):
        heard = len(end.heard)
        peer.send(b"beat\n")  # it speaks, but it does not read
        await until(lambda heard=heard: len(end.heard) > heard or end.over.is_set(), what="the beat")
        end.lines.check()
        if end.over.is_set():
            return
    raise AssertionError("the link is still there")


async def test_a_peer_that_says_nothing_is_away_but_not_before_its_time(pair):
    end, peer = pair
    for beats in range(3):
        peer.send(b"beat\n")
        await until(lambda beats=beats: len(end.heard) > beats, what="the beat")
        for _ in range(int(SILENCE_S / BEAT_S)):
            end.lines.check()
        await asyncio.sleep(0)
        assert not end.over.is_set()
    end.lines.check()
    await asyncio.wait_for(end.over.wait(), 5)


async def test_a_line_that_is_no_message_ends_only_its_own_link(tmp_path):
    path, core, api = tmp_path / "run" / "bus.sock", RecordingCore(), RecordingApi()
    server, client = LocalBusServer(path, "e1"), LocalBusClient(path, "api-1", random.Random(7))  # noqa: S311 - spreads reconnects
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(server.run(core)), group.create_task(client.run(api))]
        await until(lambda: client.up, what="the api's link")
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b'{"t":"drop tables"}\n')
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        assert await client.command(command("agent.login"))
        for task in tasks:
            task.cancel()
