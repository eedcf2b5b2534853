"""Audio as a browser has it: ICE, DTLS, SRTP and opus by aiortc. The only file that imports it."""

from __future__ import annotations

import asyncio
import fractions
from collections import deque

import aioice.ice
import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidStateError, OperationError
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack

from carillon.softphone import g711, rtp, sdp
from carillon.softphone.audio import KEPT_FRAMES, HeardFrame, Source
from carillon.softphone.sip import SipError
from carillon.softphone.waiting import Changes

# Asterisk knows SHA-1 and SHA-256 and warns of the others with each call
_UNKNOWN_TO_ASTERISK = ("a=fingerprint:sha-384", "a=fingerprint:sha-512")

_every_address = aioice.ice.get_host_addresses


def _loopback_too(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    """On one machine the switch offers 127.0.0.1 alone, and answers there from there: a check sent from another address
    fails, since its response comes back from a third one (RFC 8445, section 7.2.5.2.1). aioice leaves loopback out."""
    return ["127.0.0.1", *_every_address(use_ipv4, use_ipv6)]


aioice.ice.get_host_addresses = _loopback_too


class MediaFailed(SipError):
    """No audio came of an offer."""


class _Voice(AudioStreamTrack):
    """What is sent: `source` in steps of 20 ms of 8 kHz, silence without one."""

    def __init__(self) -> None:
        super().__init__()
        self.source: Source | None = None
        self._began, self._sent = asyncio.get_running_loop().time(), 0

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        await asyncio.sleep(self._began + self._sent / rtp.CLOCK_RATE - asyncio.get_running_loop().time())
        ulaw = self.source(rtp.FRAME_SAMPLES) if self.source is not None else g711.SILENCE * rtp.FRAME_SAMPLES
        frame = av.AudioFrame(format="s16", layout="mono", samples=rtp.FRAME_SAMPLES)
        frame.planes[0].update(g711.decode(ulaw))
        frame.pts, frame.sample_rate = self._sent, rtp.CLOCK_RATE
        frame.time_base = fractions.Fraction(1, rtp.CLOCK_RATE)
        self._sent += rtp.FRAME_SAMPLES
        return frame


class WebRtcAudio:
    """One peer connection for one call; its ears are the same as those of plain RTP."""

    def __init__(self, kept_frames: int = KEPT_FRAMES) -> None:
        self.frames: deque[HeardFrame] = deque(maxlen=kept_frames)
        self.changes = Changes()
        self.packets_in = self._version = 0
        self._loop = asyncio.get_running_loop()
        # iceServers=[]: aiortc's default would ask a public STUN server
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._voice = _Voice()
        self._listening: asyncio.Task[None] | None = None
        self._peer.on("track", self._track)
        self._peer.on("connectionstatechange", self.changes.tell)

    @property
    def source(self) -> Source | None:
        return self._voice.source

    @source.setter
    def source(self, source: Source | None) -> None:
        self._voice.source = source

    @property
    def connection(self) -> str:
        """new, connecting, connected, failed, closed."""
        return str(self._peer.connectionState)

    async def answer(self, offer: str) -> str:
        """Our description for the switch's offer; media starts by itself afterwards."""
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            self._peer.addTrack(self._voice)
            await self._peer.setLocalDescription(await self._peer.createAnswer())
        except (InvalidStateError, OperationError, ConnectionError, ValueError) as reason:
            raise MediaFailed(f"the offered media cannot be used: {reason}") from reason
        return self.description()

    # ---- Media: re-offers inside the call leave ICE and DTLS alone --------------------------------------------------

    def answered(self, remote: str) -> None:
        """The switch answered our hold or resume: nothing to move."""

    def offered(self, remote: str) -> str:
        return self.description(sdp.mirrored(sdp.direction_of(remote)))

    def description(self, direction: str = "sendrecv") -> str:
        """The description in force, in a direction; each is a newer version (RFC 3264, section 8)."""
        self._version += 1
        described = str(self._peer.localDescription.sdp)
        lines = [line for line in described.split("\r\n") if not line.startswith(_UNKNOWN_TO_ASTERISK)]
        return sdp.with_direction("\r\n".join(lines), direction, self._version)

    def _track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._listening = self._loop.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        to_telephone = av.AudioResampler(format="s16", layout="mono", rate=rtp.CLOCK_RATE)
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if not isinstance(frame, av.AudioFrame):
                continue
            for part in to_telephone.resample(frame):
                self.packets_in += 1
                self.frames.append(HeardFrame(self._loop.time(), g711.encode(bytes(part.planes[0])[: 2 * part.samples])))
            self.changes.tell()

    async def aclose(self) -> None:
        self._voice.stop()
        await self._peer.close()
        if self._listening is not None:
            self._listening.cancel()
