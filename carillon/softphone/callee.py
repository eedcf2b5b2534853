"""The called party of the trunk: what click-to-dial reaches. Rings, answers after a while, is busy, or does not answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Self

from carillon.softphone.audio import RtpAudio
from carillon.softphone.call import CallState, NoMedia, SipCall
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.sip import user_of
from carillon.softphone.sound import Loop, tone
from carillon.softphone.transactions import ServerTransaction
from carillon.softphone.transport import UdpTransport
from carillon.softphone.waiting import Changes


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`refuse_with` is a SIP code (486, 603, 404 …); `answer_after` None rings for ever; `silent` ignores the INVITE."""

    ring: bool = True
    answer_after: float | None = 1.0
    refuse_with: int = 0
    silent: bool = False


@dataclass(slots=True)
class ReceivedCall:
    """One call that came: the number that was dialled, its audio (from the answer on), and where it stands."""

    number: str
    call: SipCall
    audio: RtpAudio | None = None


class Callee:
    """Use as `async with Callee(("127.0.0.2", port)) as callee:`; change `behaviour` at any time."""

    def __init__(self, local: tuple[str, int], behaviour: Behaviour | None = None, *, frequency: int = 1000) -> None:
        self._local, self.behaviour, self._frequency = local, behaviour or Behaviour(), frequency
        self._endpoint = SipEndpoint(self._invited)
        self._group = asyncio.TaskGroup()
        self.calls: list[ReceivedCall] = []
        self.changes = Changes()

    async def __aenter__(self) -> Self:
        transport = await UdpTransport.open(self._endpoint.receive, self._local)
        self._endpoint.attach(transport)
        self.host = transport.host
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for received in self.calls:
            received.call.hangup()
        await self._group.__aexit__(None, None, None)
        await self._endpoint.settled(4.0)
        for received in self.calls:
            if received.audio is not None:
                received.audio.close()
        self._endpoint.close()

    def _invited(self, transaction: ServerTransaction) -> None:
        if self.behaviour.silent:
            return
        call = SipCall(self._endpoint, local=transaction.request.get("To"), media=NoMedia(), contact=f"sip:trunk@{self.host}")
        call.incoming(transaction)
        received = ReceivedCall(user_of(transaction.request.uri), call)
        self.calls.append(received)
        self.changes.tell()
        self._group.create_task(self._treat(received, self.behaviour))

    async def _treat(self, received: ReceivedCall, behaviour: Behaviour) -> None:
        call = received.call
        if behaviour.ring:
            call.ring()
        if behaviour.refuse_with:
            call.refuse(behaviour.refuse_with)
        elif behaviour.answer_after is None:
            await call.wait(CallState.ENDED, timeout=None)
        else:
            await self._answer_after(received, behaviour.answer_after)

    async def _answer_after(self, received: ReceivedCall, seconds: float) -> None:
        call = received.call
        try:
            await call.wait(CallState.ENDED, timeout=seconds)
        except TimeoutError:
            audio = await RtpAudio.open(self._local[0])
            audio.source = Loop(tone(self._frequency))
            received.audio = audio
            call.media = audio
            call.answer(audio.offered(call.remote_sdp))
            self.changes.tell()

    async def wait_call(self, number: int = 1, timeout: float = 10.0) -> ReceivedCall:
        """The n-th call that came."""
        await self.changes.until(lambda: len(self.calls) >= number, timeout)
        return self.calls[number - 1]
