"""Plain RTP audio: 20 ms of µ-law out whatever happens, what comes in kept with its time."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from carillon.softphone import dtmf, g711, rtp, sdp
from carillon.softphone.transport import Address
from carillon.softphone.waiting import Changes

KEPT_FRAMES = 50 * 600  # ten minutes
Source = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """20 ms as it came. `at` is the loop's monotonic time."""

    at: float
    ulaw: bytes


class RtpAudio(asyncio.DatagramProtocol):
    """One RTP socket. `source(samples)` gives what is said when nothing is queued: default silence."""

    def __init__(self, kept_frames: int = KEPT_FRAMES) -> None:
        self.frames: deque[HeardFrame] = deque(maxlen=kept_frames)
        self.changes = Changes()
        self.digits_heard = ""
        self.packets_in = self.packets_out = 0
        self.source: Source | None = None
        self.direction = "sendrecv"
        self._loop = asyncio.get_running_loop()
        self._socket: asyncio.DatagramTransport | None = None
        self._queue = bytearray()
        self._events: deque[dtmf.EventPacket] = deque()
        self._event_type = dtmf.PAYLOAD_TYPE
        self._pressed: asyncio.Future[None] | None = None
        self._remote: Address | None = None
        self._version, self._last_event = 0, -1
        self._sequence, self._stamp, self._ssrc = secrets.randbelow(60000), secrets.randbits(31), secrets.randbits(31)
        self._tick_at: asyncio.TimerHandle | None = None
        self._started = 0.0
        self._ticks = 0

    @classmethod
    async def open(cls, host: str, kept_frames: int = KEPT_FRAMES) -> RtpAudio:
        """Bind a free port of that address."""
        loop = asyncio.get_running_loop()
        _, audio = await loop.create_datagram_endpoint(lambda: cls(kept_frames), local_addr=(host, 0))
        return audio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = cast("asyncio.DatagramTransport", transport)
        self.host, self.port = self._socket.get_extra_info("sockname")[:2]

    # ---- Media: what signalling asks --------------------------------------------------------------------------------

    def description(self, direction: str = "sendrecv") -> str:
        """Our SDP; each is a newer version."""
        self._version += 1
        self.direction = direction
        return sdp.plain_audio(self.host, self.port, version=self._version, direction=direction)

    def answered(self, remote: str) -> None:
        self._send_to(sdp.read_audio(remote))

    def offered(self, remote: str) -> str:
        there = sdp.read_audio(remote)
        self._send_to(there)
        return self.description(sdp.mirrored(there.direction) if there is not None else "sendrecv")

    async def answer(self, offer: str) -> str:
        """The first answer of a call; at once, unlike a browser's."""
        return self.offered(offer)

    def _send_to(self, there: sdp.RemoteAudio | None) -> None:
        if there is None:
            return
        self._remote = (there.host, there.port)
        if there.event_type is not None:
            self._event_type = there.event_type
        if self._tick_at is None:
            self._started = self._loop.time()
            self._tick()

    # ---- out --------------------------------------------------------------------------------------------------------

    def say(self, pcm: bytes) -> None:
        """Queue 16 bit, 8 kHz, mono; said before anything of `source`."""
        self._queue += g711.encode(pcm)

    async def press(self, digits: str, ms: int = 100, gap_ms: int = 60) -> None:
        """Send digits one after the other; returns when the last was sent."""
        for digit in digits:
            self._events.extend(dtmf.event_packets(digit, ms))
            self._pressed = self._loop.create_future()
            await self._pressed
            await asyncio.sleep(gap_ms / 1000)

    def _tick(self) -> None:
        self._ticks += 1
        self._tick_at = self._loop.call_at(self._started + self._ticks * rtp.FRAME_SECONDS, self._tick)
        if self._events:
            self._send_event(self._events.popleft())
        elif self.direction in {"sendrecv", "sendonly"}:
            self._packet(rtp.PCMU, self._frame(), self._stamp)
            self._stamp += rtp.FRAME_SAMPLES

    def _frame(self) -> bytes:
        if not self._queue and self.source is not None:
            return self.source(rtp.FRAME_SAMPLES)
        frame = bytes(self._queue[: rtp.FRAME_SAMPLES])
        del self._queue[: rtp.FRAME_SAMPLES]
        return frame.ljust(rtp.FRAME_SAMPLES, g711.SILENCE)

    def _send_event(self, event: dtmf.EventPacket) -> None:
        self._packet(self._event_type, event.payload, self._stamp, marker=event.first)
        if event.last:
            self._stamp += int.from_bytes(event.payload[2:4], "big")
            if self._pressed is not None and not self._pressed.done():
                self._pressed.set_result(None)

    def _packet(self, kind: int, payload: bytes, stamp: int, *, marker: bool = False) -> None:
        if self._socket is None or self._socket.is_closing() or self._remote is None:
            return
        packet = rtp.RtpPacket(kind, self._sequence, stamp, self._ssrc, payload, marker)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self.packets_out += 1
        self._socket.sendto(bytes(packet), self._remote)

    # ---- in ---------------------------------------------------------------------------------------------------------

    def datagram_received(self, data: bytes, addr: Address) -> None:
        packet = rtp.parse(data)
        if packet is None:
            return
        if packet.payload_type == rtp.PCMU:
            self.packets_in += 1
            self.frames.append(HeardFrame(self._loop.time(), packet.payload))
            self.changes.tell()
        elif packet.payload_type == self._event_type:
            self._event_heard(packet)

    def _event_heard(self, packet: rtp.RtpPacket) -> None:
        """One digit per time stamp, however many of its packets arrive."""
        event = dtmf.read_event(packet.payload)
        if event is not None and packet.timestamp != self._last_event:
            self._last_event = packet.timestamp
            self.digits_heard += event[0]
            self.changes.tell()

    def error_received(self, exc: Exception) -> None:
        """ICMP from a port that closed: audio just ends."""

    @property
    def connection(self) -> str:
        """Plain RTP knows of no failure."""
        return "connected"

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        if self._tick_at is not None:
            self._tick_at.cancel()
        if self._pressed is not None and not self._pressed.done():
            self._pressed.cancel()
        if self._socket is not None:
            self._socket.close()
