"""A software agent's softphone: registers through the relay, answers what rings, and keeps its calls when a socket is lost."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

import structlog

from carillon.softphone.audio import HeardFrame, RtpAudio, Source
from carillon.softphone.call import CallState, Media, NoMedia, SipCall
from carillon.softphone.digest import Credentials
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.registration import Registration
from carillon.softphone.sound import Loop
from carillon.softphone.transactions import ServerTransaction
from carillon.softphone.waiting import Changes
from carillon.softphone.webrtc_media import MediaFailed, WebRtcAudio
from carillon.softphone.ws_transport import WsTransport

_log = structlog.get_logger(__name__)
PLAIN_HOST = "127.0.0.1"
KEPT_SECONDS = 60


class AgentAudio(Media, Protocol):
    """Both kinds of media: as a browser has it, and plain RTP for load."""

    source: Source | None
    frames: deque[HeardFrame]
    packets_in: int
    changes: Changes

    @property
    def connection(self) -> str: ...
    async def answer(self, offer: str) -> str: ...
    async def aclose(self) -> None: ...


@dataclass(slots=True)
class PhoneCall:
    """One call of the agent. `why` is the core's X-CTI-Answer: '' rings, `resume` and `dial` are answered by themselves."""

    sip: SipCall
    cti_call: str
    offer: str
    why: str
    audio: AgentAudio | None = None

    @property
    def live(self) -> bool:
        return self.sip.state is not CallState.ENDED


@dataclass(frozen=True, slots=True)
class Line:
    """Where and as whom to register."""

    url: str
    origin: str
    credentials: Credentials
    domain: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class SocketClosed(Exception):
    """The relay's socket ended; `code` is its close code."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the SIP socket closed with {code}")
        self.code = code


class AgentPhone:
    """Use as `async with AgentPhone(...) as phone:`, then `run(line)` for each socket's life."""

    def __init__(self, pcm: bytes, *, plain: bool = False, answer_after: float = 1.0) -> None:
        self._pcm, self._plain, self._answer_after = pcm, plain, answer_after
        self._endpoint = SipEndpoint(self._invited)
        self._group = asyncio.TaskGroup()
        self._contact = ""
        self.calls: list[PhoneCall] = []
        self.changes = Changes()
        self.taken = 0

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for call in self.calls:
            call.sip.hangup()
        await self._group.__aexit__(None, None, None)
        self._endpoint.close()

    async def run(self, line: Line, registered: Callable[[], None]) -> None:
        """One socket: register, keep it so, until it ends with SocketClosed or RegistrationRefused."""
        transport = WsTransport(line.url, self._endpoint.receive, headers=line.headers, origin=line.origin)
        async with transport:
            self._endpoint.attach(transport)
            self._contact = f"sip:{line.credentials.user}@{transport.host}"
            registration = Registration(self._endpoint, line.credentials, line.domain)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(transport))
                await registration.register()
                registered()
                self._refresh_targets()
                await registration.keep()

    async def _pump(self, transport: WsTransport) -> None:
        ended: list[int | None] = []
        await transport.run(ended.append)
        raise SocketClosed(ended[0] if ended else None)

    def _refresh_targets(self) -> None:
        """After a new socket: without this, Asterisk's BYE would go to the old one."""
        for call in self.calls:
            if call.sip.state is CallState.UP:
                call.sip.move_to(self._contact)

    # ---- calls ------------------------------------------------------------------------------------------------------

    def _invited(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        sip = SipCall(self._endpoint, local=request.get("To"), media=NoMedia(), contact=self._contact)
        sip.incoming(transaction)
        call = PhoneCall(sip, request.get("X-CTI-Call"), request.get("X-CTI-Offer"), request.get("X-CTI-Answer"))
        self.calls.append(call)
        self.changes.tell()
        self._group.create_task(self._serve(call))

    async def _serve(self, call: PhoneCall) -> None:
        try:
            if call.why == "resume":
                self._end_others(call)
            elif not call.why:
                await self._ring(call)
            if call.live:
                await self._talk(call)
        finally:
            self.calls.remove(call)
            self.changes.tell()

    def _end_others(self, call: PhoneCall) -> None:
        """The core gives the caller back: what we still hold of him is dead."""
        for other in self.calls:
            if other is not call:
                other.sip.hangup()

    async def _ring(self, call: PhoneCall) -> None:
        call.sip.ring()
        try:
            await call.sip.wait(CallState.ENDED, timeout=self._answer_after)
        except TimeoutError:
            return

    async def _talk(self, call: PhoneCall) -> None:
        audio: AgentAudio = await RtpAudio.open(PLAIN_HOST, KEPT_SECONDS * 50) if self._plain else WebRtcAudio(KEPT_SECONDS * 50)
        audio.source = Loop(self._pcm)
        call.audio = call.sip.media = audio
        try:
            call.sip.answer(await audio.answer(call.sip.remote_sdp))
            self.taken += 1
            self.changes.tell()
            await self._until_over(call, audio)
        except MediaFailed as reason:
            _log.warning("A call could not be answered.", action="agent_media_failed", call=call.cti_call, reason=str(reason))
            call.sip.refuse(488)
        finally:
            await audio.aclose()

    async def _until_over(self, call: PhoneCall, audio: AgentAudio) -> None:
        """Until either side ends it, or the media is dead (the switch ends a browser's leg without audio itself)."""
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(audio.changes.until(lambda: audio.connection == "failed", None))
            watch.add_done_callback(lambda done: None if done.cancelled() else call.sip.hangup())
            await call.sip.wait(CallState.ENDED, timeout=None)
            watch.cancel()

    # ---- what the agent does ----------------------------------------------------------------------------------------

    def hold(self, call: PhoneCall, *, on: bool) -> None:
        """By re-INVITE, as a telephone does; a console asks the core instead."""
        audio = call.audio
        if isinstance(audio, RtpAudio | WebRtcAudio):
            call.sip.reinvite(audio.description("sendonly" if on else "sendrecv"))

    def hangup(self, call: PhoneCall) -> None:
        """BYE."""
        call.sip.hangup()
