"""One call: an INVITE dialog (RFC 3261, sections 12 to 15), either way. Media is whatever `Media` is given."""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import Protocol

from carillon.softphone.endpoint import ALLOW, SipEndpoint
from carillon.softphone.sip import Request, Response, address_uri, new_tag, parameter
from carillon.softphone.transactions import ClientTransaction, ServerTransaction
from carillon.softphone.waiting import Changes

Headers = tuple[tuple[str, str], ...]
_SDP = ("Content-Type", "application/sdp")


class CallState(StrEnum):
    """Where a call stands, seen from our end."""

    NEW = "new"
    CALLING = "calling"
    RINGING = "ringing"
    UP = "up"
    ENDED = "ended"


class Media(Protocol):
    """The audio of a call, as signalling sees it."""

    def answered(self, sdp: str) -> None:
        """The peer answered our offer."""
        ...

    def offered(self, sdp: str) -> str:
        """The peer offers anew inside the call; our answer."""
        ...


class NoMedia:
    """A call whose audio is of no interest."""

    def answered(self, sdp: str) -> None: ...

    def offered(self, sdp: str) -> str:
        return sdp


class SipCall:
    """`state`, the last final SIP `code` and `ended_by` (local, remote) tell the story; `changes` tells when it moves."""

    def __init__(self, endpoint: SipEndpoint, *, local: str, media: Media, contact: str = "") -> None:
        self.call_id, self.changes = f"{secrets.token_hex(12)}@carillon", Changes()
        self.state, self.code, self.ended_by = CallState.NEW, 0, ""
        self.remote_sdp, self.reinvites, self.invite_request = "", 0, Request(())
        self._endpoint, self.media = endpoint, media
        self._local, self._local_tag = local, new_tag()
        self._remote, self._target, self._routes = "", "", list[str]()
        self._contact = contact or address_uri(local)
        self._cseq = 0
        self._invite_out: ClientTransaction | None = None
        self._invite_in: ServerTransaction | None = None
        self._cancel_wanted = False

    # ---- out --------------------------------------------------------------------------------------------------------

    def invite(self, uri: str, offer: str, headers: Headers = ()) -> None:
        """Place the call."""
        self._remote, self._target = f"<{uri}>", uri
        self._endpoint.dialogs[self.call_id] = self
        request = self._build("INVITE", (*headers, ("Allow", ALLOW), _SDP), offer)
        self._set(CallState.CALLING)
        self.invite_request = request
        self._invite_out = self._endpoint.request(request, self._invite_response, lambda: self._end("remote", 408))

    def hangup(self) -> None:
        """BYE, CANCEL or a refusal, as the state asks; an ended call stays ended."""
        if self.state is CallState.UP:
            self._request("BYE")
            self._end("local", self.code)
        elif self._invite_in is not None and self.state is not CallState.ENDED:
            self.refuse(603)
        elif self.state in {CallState.CALLING, CallState.RINGING}:
            self._cancel_wanted = True
            if self.state is CallState.RINGING:
                self._cancel()

    def update(self) -> None:
        """UPDATE without SDP: refreshes the target, so that the peer's BYE finds our new socket (RFC 3311)."""
        self._request("UPDATE", (self._contact_header(),))

    def move_to(self, contact: str) -> None:
        """Our address changed: tell the peer."""
        self._contact = contact
        self.update()

    def reinvite(self, offer: str) -> None:
        """Offer anew inside the call: hold, resume."""
        request = self._build("INVITE", (("Allow", ALLOW), _SDP), offer)
        self._endpoint.request(request, self._reinvite_response, lambda: None)

    def _cancel(self) -> None:
        invite = self._invite_out
        if invite is None or invite.done:
            return
        kept = {"via", "from", "to", "call-id", "max-forwards", "route"}
        headers = tuple(header for header in invite.request.headers if header[0].lower() in kept)
        number = invite.request.cseq[0]
        cancel = Request((*headers, ("CSeq", f"{number} CANCEL")), method="CANCEL", uri=invite.request.uri)
        self._endpoint.request_on(cancel, lambda _response: None, lambda: None)

    def _invite_response(self, response: Response) -> None:
        if response.code == 100:
            return
        if response.code < 200:
            self._progress(response)
        elif response.code < 300:
            self._accepted(response)
        else:
            self._end("local" if self._cancel_wanted else "remote", response.code)

    def _progress(self, response: Response) -> None:
        if self.state is CallState.CALLING:
            self._set(CallState.RINGING)
        if response.body:
            self.media.answered(response.body)
        if self._cancel_wanted:
            self._cancel()

    def _accepted(self, response: Response) -> None:
        """Also for a 200 that comes again because our ACK was lost."""
        self._learn(response)
        self._ack(response)
        if self.state in {CallState.UP, CallState.ENDED}:
            return
        self.code, self.remote_sdp = response.code, response.body
        self._set(CallState.UP)
        if self._cancel_wanted:  # the 200 crossed our CANCEL
            self.hangup()
        else:
            self.media.answered(response.body)

    def _reinvite_response(self, response: Response) -> None:
        if 200 <= response.code < 300:
            self._ack(response)
            self.media.answered(response.body)
        if response.code >= 200:
            self.reinvites += 1
            self.changes.tell()

    def _ack(self, response: Response) -> None:
        self._endpoint.send(self._build("ACK", number=response.cseq[0]))

    # ---- in ---------------------------------------------------------------------------------------------------------

    def incoming(self, transaction: ServerTransaction) -> None:
        """Take an INVITE; then `ring`, `answer` or `refuse`."""
        request = transaction.request
        self.call_id, self.invite_request, self.remote_sdp = request.call_id, request, request.body
        self._remote, self._invite_in = request.get("From"), transaction
        self._learn(request)
        self._endpoint.dialogs[self.call_id] = self
        self._set(CallState.CALLING)

    def ring(self) -> None:
        if self._invite_in is not None and self.state is CallState.CALLING:
            self._invite_in.respond(180, tag=self._local_tag, extra=(self._contact_header(),))
            self._set(CallState.RINGING)

    def answer(self, sdp: str) -> None:
        """Nothing happens when the caller is gone already."""
        if self._invite_in is None or self.state not in {CallState.CALLING, CallState.RINGING}:
            return
        self._invite_in.respond(200, tag=self._local_tag, extra=(self._contact_header(), ("Allow", ALLOW), _SDP), body=sdp)
        self.code = 200
        self._set(CallState.UP)

    def refuse(self, code: int) -> None:
        if self._invite_in is not None and self.state in {CallState.CALLING, CallState.RINGING}:
            self._invite_in.respond(code, tag=self._local_tag)
            self._end("local", code)

    def request_received(self, transaction: ServerTransaction) -> None:
        """A request inside this call."""
        match transaction.request.method:
            case "BYE":
                transaction.respond(200)
                self._end("remote", self.code)
            case "CANCEL":
                self._cancelled(transaction)
            case "INVITE":
                self._offered(transaction)
            case "UPDATE" if transaction.request.body:
                self._offered(transaction)
            case _:
                transaction.respond(200, extra=(("Allow", ALLOW), self._contact_header()))

    def _cancelled(self, transaction: ServerTransaction) -> None:
        transaction.respond(200, tag=self._local_tag)
        if self._invite_in is not None and not self._invite_in.answered:
            self._invite_in.respond(487, tag=self._local_tag)
            self._end("remote", 487)

    def _offered(self, transaction: ServerTransaction) -> None:
        """Re-INVITE or UPDATE with an offer; without one (delayed offer) ours goes in the 200."""
        if self.state is not CallState.UP:
            transaction.respond(481)
            return
        self._learn(transaction.request)
        answer = self.media.offered(transaction.request.body)
        transaction.respond(200, tag=self._local_tag, extra=(self._contact_header(), _SDP), body=answer)
        self.reinvites += 1
        self.changes.tell()

    def ack_received(self, request: Request) -> None:
        """The answer to an offer that we gave in a 200."""
        if request.body:
            self.media.answered(request.body)

    # ---- the dialog -------------------------------------------------------------------------------------------------

    def _learn(self, message: Request | Response) -> None:
        """Tag, target and route set of the peer (sections 12.1 and 12.2.1.2)."""
        if isinstance(message, Response):
            self._remote = message.get("To")
        if contact := message.get("Contact"):
            self._target = address_uri(contact)
        routes = message.all("Record-Route")
        if routes:
            self._routes = list(reversed(routes)) if isinstance(message, Response) else routes

    def _contact_header(self) -> tuple[str, str]:
        return ("Contact", f"<{self._contact}>")

    def _build(self, method: str, headers: Headers = (), body: str = "", number: int | None = None) -> Request:
        if number is None:
            self._cseq += 1
            number = self._cseq
        contact = (self._contact_header(),) if method in {"INVITE"} else ()
        base: Headers = (
            ("Max-Forwards", "70"),
            ("From", f"{self._local};tag={self._local_tag}"),
            ("To", self._remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{number} {method}"),
            *(("Route", route) for route in self._routes),
        )
        return Request((*base, *contact, *headers), body, method=method, uri=self._target)

    def _request(self, method: str, headers: Headers = ()) -> None:
        self._endpoint.request(self._build(method, headers), lambda _response: None, lambda: None)

    def _set(self, state: CallState) -> None:
        self.state = state
        self.changes.tell()

    def _end(self, by: str, code: int) -> None:
        if self.state is CallState.ENDED:
            return
        self.ended_by, self.code = by, code
        self._endpoint.dialogs.pop(self.call_id, None)
        self._set(CallState.ENDED)

    @property
    def remote_tag(self) -> str:
        return parameter(self._remote, "tag")

    async def wait(self, *states: CallState | str, timeout: float | None = 10.0) -> None:
        """Until the call is in one of the states; TimeoutError otherwise."""
        await self.changes.until(lambda: self.state in states, timeout)
