"""A caller on the trunk side: one call over UDP with G.711 both ways. No registration: a trunk is known by its address."""

from __future__ import annotations

from typing import Self

from carillon.softphone.audio import RtpAudio
from carillon.softphone.call import CallState, Headers, SipCall
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.sip import name_addr, sip_uri
from carillon.softphone.sound import Loop
from carillon.softphone.transport import Address, UdpTransport

TRUNK_SIDE = "127.0.0.2"  # what the demo trunk identifies; never the address that the SIP relay sends from


class Caller:
    """Use as `async with Caller(server) as caller:`; `audio` is what he says and hears, `call` where the call stands."""

    def __init__(self, server: Address, *, number: str = "+8613800138000", name: str = "", local: str = TRUNK_SIDE) -> None:
        self._server, self._number, self._name, self._local = server, number, name, local
        self._endpoint = SipEndpoint()

    async def __aenter__(self) -> Self:
        transport = await UdpTransport.open(self._endpoint.receive, (self._local, 0), self._server)
        self._endpoint.attach(transport)
        self.audio = await RtpAudio.open(self._local)
        user = self._number or "anonymous"
        host = transport.host if self._number else "anonymous.invalid"
        contact = sip_uri(user, transport.host)
        self.call = SipCall(self._endpoint, local=name_addr(self._name, sip_uri(user, host)), media=self.audio, contact=contact)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self.call.hangup()
        await self._endpoint.settled(4.0)
        self.audio.close()
        self._endpoint.close()

    def dial(self, number: str, headers: Headers = ()) -> None:
        """Place the call; `await call.wait(...)` for what becomes of it."""
        host, port = self._server
        self.call.invite(sip_uri(number, f"{host}:{port}"), self.audio.description(), headers)

    def say(self, source: Loop) -> None:
        """Say this from now on, over and over."""
        self.audio.source = source

    async def press(self, digits: str) -> None:
        """DTMF."""
        await self.audio.press(digits)

    def hangup(self) -> None:
        self.call.hangup()

    @property
    def sip_call_id(self) -> str:
        """The Call-ID under which the instance's record finds this call."""
        return self.call.call_id

    @property
    def up(self) -> bool:
        return self.call.state is CallState.UP
