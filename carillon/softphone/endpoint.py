"""A SIP end point: sorts what its transport receives into transactions and dialogs. It never raises on what a peer sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from carillon.softphone.sip import MalformedMessage, Request, Response, new_branch, parse
from carillon.softphone.transactions import ClientTransaction, Responded, ServerTransaction, TimedOut
from carillon.softphone.transport import Transport

_log = structlog.get_logger(__name__)
Key = tuple[str, str]


class Dialog(Protocol):
    """What an end point knows of a call: requests inside it go there."""

    def request_received(self, transaction: ServerTransaction) -> None: ...
    def ack_received(self, request: Request) -> None: ...


Invited = Callable[[ServerTransaction], None]


def _refuse(transaction: ServerTransaction) -> None:
    transaction.respond(480)


class SipEndpoint:
    """One user agent over one transport. `invited` is asked for each INVITE that belongs to no known call."""

    def __init__(self, invited: Invited = _refuse) -> None:
        self._transport: Transport | None = None
        self._invited = invited
        self._clients: dict[Key, ClientTransaction] = {}
        self._servers: dict[Key, ServerTransaction] = {}
        self.dialogs: dict[str, Dialog] = {}
        self.options_seen = 0

    def attach(self, transport: Transport) -> None:
        """The transport, or a new one after the old was lost: calls go on, open transactions do not."""
        self._drop_transactions()
        self._transport = transport

    @property
    def transport(self) -> Transport:
        if self._transport is None:
            raise RuntimeError("the end point has no transport yet")
        return self._transport

    # ---- out --------------------------------------------------------------------------------------------------------

    def request(self, request: Request, responded: Responded, timed_out: TimedOut) -> ClientTransaction:
        """Send a request whose Via is added here; `responded` gets every response."""
        return self.request_on(self.with_via(request), responded, timed_out)

    def request_on(self, request: Request, responded: Responded, timed_out: TimedOut) -> ClientTransaction:
        """The same for a request that already carries its Via (CANCEL uses the INVITE's branch, section 9.1)."""
        self._sweep()
        transaction = ClientTransaction(request, self.transport, responded, timed_out)
        self._clients[request.branch, request.method] = transaction
        transaction.start()
        return transaction

    async def ask(self, request: Request) -> Response | None:
        """The final response, or None after 64 × T1."""
        answer: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()

        def settle(response: Response | None) -> None:
            if not answer.done() and (response is None or response.code >= 200):
                answer.set_result(response)

        transaction = self.request(request, settle, lambda: settle(None))
        try:
            return await answer
        finally:
            transaction.close()

    def with_via(self, request: Request) -> Request:
        via = ("Via", f"SIP/2.0/{self.transport.via};rport;branch={new_branch()}")
        return Request((via, *request.headers), request.body, method=request.method, uri=request.uri)

    def send(self, request: Request) -> None:
        """Outside any transaction: the ACK of a 2xx (section 13.2.2.4)."""
        self.transport.send(bytes(self.with_via(request)))

    # ---- in ---------------------------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> None:
        """One message from the transport."""
        try:
            message = parse(data)
        except MalformedMessage as reason:
            _log.warning("A SIP message was not understood.", action="sip_malformed", reason=str(reason), data=data[:300])
            return
        if isinstance(message, Response):
            transaction = self._clients.get((message.branch, message.cseq[1]))
            if transaction is not None:
                transaction.receive(message)
        else:
            self._request(message)

    def _request(self, request: Request) -> None:
        if request.method == "ACK":
            self._ack(request)
            return
        known = self._servers.get((request.branch, request.method))
        if known is not None:
            known.repeated()
            return
        self._sweep()
        dialog = self.dialogs.get(request.call_id)
        transaction = ServerTransaction(request, self.transport, lambda: self._unacknowledged(request))
        self._servers[request.branch, request.method] = transaction
        if dialog is not None:
            dialog.request_received(transaction)
        else:
            self._outside(transaction)

    def _outside(self, transaction: ServerTransaction) -> None:
        """Requests outside any call; NOTIFY and MESSAGE are of no use to us but harmless."""
        method = transaction.request.method
        if method == "INVITE":
            self._invited(transaction)
        elif method == "OPTIONS":
            self.options_seen += 1
            transaction.respond(200, extra=(("Allow", ALLOW), ("Accept", "application/sdp")))
        else:
            transaction.respond(481 if method in {"BYE", "CANCEL", "UPDATE"} else 405)

    def _ack(self, request: Request) -> None:
        for transaction in self._servers.values():
            same = transaction.request.call_id == request.call_id and transaction.request.cseq[0] == request.cseq[0]
            if same and transaction.request.method == "INVITE":
                transaction.acknowledged()
        dialog = self.dialogs.get(request.call_id)
        if dialog is not None:
            dialog.ack_received(request)

    def _unacknowledged(self, request: Request) -> None:
        _log.warning("An answered INVITE was never acknowledged.", action="sip_no_ack", sip_call_id=request.call_id)

    # ---- life -------------------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        if len(self._clients) + len(self._servers) > 100:
            self._clients = {key: one for key, one in self._clients.items() if not one.done}
            self._servers = {key: one for key, one in self._servers.items() if not one.done}

    def _drop_transactions(self) -> None:
        for client in self._clients.values():
            client.close()
        for server in self._servers.values():
            server.close()
        self._clients.clear()
        self._servers.clear()

    async def settled(self, timeout: float) -> None:
        """Until our own requests have their final answers (a lost BYE is sent again meanwhile), or the time is over."""
        open_now = [one for one in self._clients.values() if not one.answered]
        try:
            async with asyncio.timeout(timeout):
                for transaction in open_now:
                    await transaction.finished.wait()
        except TimeoutError:
            _log.warning("The other side did not confirm the end of the call.", action="sip_unconfirmed")

    def close(self) -> None:
        self._drop_transactions()
        if self._transport is not None:
            self._transport.close()


ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE"
