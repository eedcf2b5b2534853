"""Callers for load: many calls by one small program. One socket for SIP, one for RTP; messages are templates, not objects.

A call counts when the caller hears his own voice back from the agent: then audio flows both ways.
"""

from __future__ import annotations

import asyncio
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

FRAME = 0.02
MARK = b"CRLN"
_RTP = struct.Struct("!BBHII")
_PORT, _TAG = re.compile(rb"m=audio (\d+)"), re.compile(rb"^To:.*;tag=([^;\r\n]+)", re.MULTILINE | re.IGNORECASE)
_CONTACT = re.compile(rb"^Contact:.*?<([^>]+)>", re.MULTILINE | re.IGNORECASE)
_CALL_ID, _CSEQ = (
    re.compile(rb"^Call-ID: *(\d+)@", re.MULTILINE | re.IGNORECASE),
    re.compile(rb"^CSeq: *(\d+) (\w+)", re.M | re.I),
)
_ECHOED = re.compile(rb"^(?:Via|From|To|Call-ID|CSeq):.*\r\n", re.MULTILINE | re.IGNORECASE)

wall = time.time  # noqa: TID251 - compared with the agents' log, which is another process's


@dataclass(slots=True)
class Placed:
    """One call. Times are seconds of the epoch, 0: never."""

    number: str
    target: str
    invited: float = 0.0
    answered: float = 0.0
    heard: float = 0.0
    failed: str = ""
    ended_by_us: bool = False
    over: bool = False
    remote: bytes = b""
    tag: bytes = b""
    media: tuple[str, int] | None = None
    sent: int = 0
    talk: float = 1.5


class Callers:
    """`await Callers.open(...)`, then `place` as often as wanted."""

    def __init__(self, address: str, switch: tuple[str, int]) -> None:
        self._address, self._switch = address, switch
        self._loop = asyncio.get_running_loop()
        self._calls: dict[int, Placed] = {}
        self._sip: asyncio.DatagramTransport | None = None
        self._rtp: asyncio.DatagramTransport | None = None
        self._count = 0
        self._tag = f"b{time.monotonic_ns():x}"

    @classmethod
    async def open(cls, address: str, switch: tuple[str, int]) -> Callers:
        self = cls(address, switch)
        loop = asyncio.get_running_loop()
        self._sip, _ = await loop.create_datagram_endpoint(lambda: _Socket(self._message), local_addr=(address, 0))
        self._rtp, _ = await loop.create_datagram_endpoint(lambda: _Socket(self._audio), local_addr=(address, 0))
        return self

    def close(self) -> None:
        for socket in (self._sip, self._rtp):
            if socket is not None:
                socket.close()

    def place(self, number: str, target: str, talk: float) -> Placed:
        self._count += 1
        call = Placed(number, target, invited=wall(), talk=talk)
        self._calls[self._count] = call
        self._invite(self._count, call)
        return call

    # ---- out --------------------------------------------------------------------------------------------------------

    def _send(self, text: str) -> None:
        if self._sip is not None:
            self._sip.sendto(text.encode(), self._switch)

    def _head(self, method: str, uri: str, count: int, cseq: int, branch: str, to_tag: str = "") -> str:
        assert self._sip is not None
        port, call = self._sip.get_extra_info("sockname")[1], self._calls[count]
        return (
            f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {self._address}:{port};rport;branch=z9hG4bK{branch}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{call.number}@{self._address}>;tag={self._tag}-{count}\r\n"
            f"To: <sip:{call.target}@{self._switch[0]}:{self._switch[1]}>{to_tag}\r\n"
            f"Call-ID: {count}@{self._tag}\r\nCSeq: {cseq} {method}\r\nContact: <sip:{self._address}:{port}>\r\n"
        )

    def _invite(self, count: int, call: Placed, attempt: int = 0) -> None:
        """T1 is 500 ms (RFC 3261, 17.1.1.2)."""
        if call.over or call.answered or call.remote or attempt > 4:
            return
        assert self._rtp is not None
        port = self._rtp.get_extra_info("sockname")[1]
        body = (
            f"v=0\r\no=caller {count} 1 IN IP4 {self._address}\r\ns=-\r\nc=IN IP4 {self._address}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
        )
        head = self._head("INVITE", f"sip:{call.target}@{self._switch[0]}:{self._switch[1]}", count, 1, f"i{count}{self._tag}")
        self._send(f"{head}Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}")
        self._loop.call_later(0.5 * 2**attempt, self._invite, count, call, attempt + 1)

    def _ack(self, count: int, branch: str, uri: str, tag: str) -> None:
        self._send(self._head("ACK", uri, count, 1, branch, f";tag={tag}") + "Content-Length: 0\r\n\r\n")

    def _bye(self, count: int, call: Placed, attempt: int = 0) -> None:
        if call.over:
            return
        if attempt > 4:
            call.over, call.failed = True, call.failed or "BYE without answer"
            return
        call.ended_by_us = True
        head = self._head("BYE", call.remote.decode(), count, 2, f"b{count}{self._tag}", f";tag={call.tag.decode()}")
        self._send(f"{head}Content-Length: 0\r\n\r\n")
        self._loop.call_later(0.5 * 2**attempt, self._bye, count, call, attempt + 1)

    # ---- in ---------------------------------------------------------------------------------------------------------

    def _message(self, data: bytes, _address: tuple[str, int]) -> None:
        found = _CALL_ID.search(data)
        call = self._calls.get(int(found[1])) if found else None
        if found is None or call is None:
            return
        if data.startswith(b"SIP/2.0 "):
            self._response(int(found[1]), call, int(data[8:11]), data)
        elif data.startswith(b"BYE "):
            self._send(f"SIP/2.0 200 OK\r\n{b''.join(_ECHOED.findall(data)).decode()}Content-Length: 0\r\n\r\n")
            call.over = True

    def _response(self, count: int, call: Placed, code: int, data: bytes) -> None:
        cseq = _CSEQ.search(data)
        if code < 200 or cseq is None:
            call.remote = call.remote or b"trying"
            return
        tag = (_TAG.search(data) or [b"", b""])[1]
        if cseq[2] == b"BYE":
            call.over = True
        elif code >= 300:
            call.over, call.failed = True, str(code)
            self._ack(count, f"i{count}{self._tag}", f"sip:{call.target}@{self._switch[0]}", tag.decode())
        else:
            self._answered(count, call, data, tag)

    def _answered(self, count: int, call: Placed, data: bytes, tag: bytes) -> None:
        contact, port = _CONTACT.search(data), _PORT.search(data)
        if contact is None or port is None:
            call.over, call.failed = True, "no contact or no media in the answer"
            return
        first = not call.answered
        call.answered = call.answered or wall()
        call.remote, call.tag, call.media = contact[1], tag, (self._switch[0], int(port[1]))
        self._ack(count, f"a{count}{self._tag}", call.remote.decode(), tag.decode())
        if first:
            self._speak(count, call)
            self._loop.call_later(call.talk, self._bye, count, call)

    # ---- audio ------------------------------------------------------------------------------------------------------

    def _speak(self, count: int, call: Placed) -> None:
        """Until he hears himself, and three frames more: what a conversation costs in media is the same for all and not asked."""
        if call.over or call.ended_by_us or call.media is None or self._rtp is None:
            return
        call.sent += 1
        head = _RTP.pack(0x80, 0, call.sent & 0xFFFF, call.sent * 160, count)
        self._rtp.sendto(head + (MARK + count.to_bytes(4)) * 20, call.media)
        if not call.heard or wall() - call.heard < 3 * FRAME:
            self._loop.call_later(FRAME, self._speak, count, call)

    def _audio(self, data: bytes, _address: tuple[str, int]) -> None:
        if data[12:16] == MARK:
            call = self._calls.get(int.from_bytes(data[16:20]))
            if call is not None and not call.heard:
                call.heard = wall()


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._received(data, addr)
