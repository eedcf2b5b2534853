"""SIP transactions (RFC 3261, section 17): a lost datagram costs a retransmission, not the call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from carillon.softphone.sip import Request, Response, response_to
from carillon.softphone.transport import Transport

T1 = 0.5
T2 = 4.0
GIVE_UP = 64 * T1  # timers B, F, H, J

Responded = Callable[[Response], None]
TimedOut = Callable[[], None]


class _Timers:
    """Retransmit with doubling gaps, and end after 64 × T1."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._again: asyncio.TimerHandle | None = None
        self._end: asyncio.TimerHandle | None = None

    def repeat(self, gap: float, longest: float, action: Callable[[], None]) -> None:
        """Do `action` after `gap`, then after twice the gap, and so on up to `longest`."""

        def again() -> None:
            action()
            self.repeat(min(gap * 2, longest), longest, action)

        self.stop_repeating()
        self._again = self._loop.call_later(gap, again)

    def end_after(self, seconds: float, action: Callable[[], None]) -> None:
        """One end at a time: a later call replaces the earlier."""
        if self._end is not None:
            self._end.cancel()
        self._end = self._loop.call_later(seconds, action)

    def stop_repeating(self) -> None:
        if self._again is not None:
            self._again.cancel()

    def stop(self) -> None:
        self.stop_repeating()
        if self._end is not None:
            self._end.cancel()


class ClientTransaction:
    """One request sent and its responses (section 17.1). INVITE: timers A, B, D; all others: E, F, K."""

    def __init__(self, request: Request, transport: Transport, responded: Responded, timed_out: TimedOut) -> None:
        self.request, self.done = request, False
        self._transport, self._responded, self._timed_out = transport, responded, timed_out
        self._invite = request.method == "INVITE"
        self._timers = _Timers()
        self._final: Response | None = None
        self.finished = asyncio.Event()

    @property
    def answered(self) -> bool:
        """A final response came, or none will."""
        return self.finished.is_set()

    def start(self) -> None:
        self._send()
        if not self._transport.reliable:
            self._timers.repeat(T1, GIVE_UP if self._invite else T2, self._send)
        self._timers.end_after(GIVE_UP, self._give_up)

    def _send(self) -> None:
        self._transport.send(bytes(self.request))

    def _give_up(self) -> None:
        self.close()
        self.finished.set()
        if self._final is None:
            self._timed_out()

    def close(self) -> None:
        self.done = True
        self._timers.stop()

    def receive(self, response: Response) -> None:
        """Final responses end retransmission; a repeated refusal of an INVITE gets its ACK again and goes no further."""
        if response.code < 200:
            self._provisional()
        else:
            self._finish(response)
            if self._final is not None and response.code >= 300:
                return
            self._final = response
            self.finished.set()
        self._responded(response)

    def _provisional(self) -> None:
        if self._invite:
            self._timers.stop()  # section 17.1.1.2: in Proceeding neither A nor B runs
        elif not self._transport.reliable and self._final is None:
            self._timers.repeat(T2, T2, self._send)

    def _finish(self, response: Response) -> None:
        self._timers.stop_repeating()
        if self._invite and response.code >= 300:
            self._transport.send(bytes(self._ack(response)))
        self._timers.end_after(GIVE_UP if self._invite else T2, self.close)

    def _ack(self, response: Response) -> Request:
        """Section 17.1.1.3: the INVITE's own Via, From, Call-ID and route; To from the response."""
        kept = {"via", "from", "call-id", "max-forwards", "route"}
        headers = [(name, value) for name, value in self.request.headers if name.lower() in kept]
        number = self.request.cseq[0]
        return Request((*headers, ("To", response.get("To")), ("CSeq", f"{number} ACK")), method="ACK", uri=self.request.uri)


class ServerTransaction:
    """One request received and our answer (section 17.2): the same request again gets the same answer again."""

    def __init__(self, request: Request, transport: Transport, no_ack: TimedOut) -> None:
        self.request, self.done = request, False
        self._transport, self._no_ack = transport, no_ack
        self._timers = _Timers()
        self._last: Response | None = None

    @property
    def answered(self) -> bool:
        """A final answer was given."""
        return self._last is not None and self._last.code >= 200

    def respond(self, code: int, *, tag: str = "", extra: tuple[tuple[str, str], ...] = (), body: str = "") -> None:
        """Send; a final answer to an INVITE is repeated until its ACK (sections 13.3.1.4 and 17.2.1)."""
        if self.answered:
            return
        self._last = response_to(self.request, code, tag=tag, extra=extra, body=body)
        self._resend()
        if code < 200:
            return
        if self.request.method == "INVITE":
            self._timers.repeat(T1, T2, self._resend)
            self._timers.end_after(GIVE_UP, self._expired)
        else:
            self._timers.end_after(T2 if self._transport.reliable else GIVE_UP, self.close)

    def repeated(self) -> None:
        """The request came again."""
        if self._last is not None:
            self._resend()

    def acknowledged(self) -> None:
        self._timers.stop_repeating()
        self._timers.end_after(T2, self.close)

    def _resend(self) -> None:
        if self._last is not None:
            self._transport.send(bytes(self._last))

    def _expired(self) -> None:
        self.close()
        self._no_ack()

    def close(self) -> None:
        self.done = True
        self._timers.stop()
