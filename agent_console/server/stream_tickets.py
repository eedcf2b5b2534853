"""Single-use tickets for the console's socket: a browser cannot set headers on a WebSocket, and an address may be logged."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from cti.ports.clock import Clock

LIFE_S = 30.0
AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose log-in, which page (a page that comes back keeps its id), and when it was made."""

    session: str
    page: str
    bearer: bool
    at: float


class StreamTickets:
    """Held in memory: a ticket outlives neither 30 s nor the process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()

    def issue(self, session: str, page: str, *, bearer: bool) -> str:
        """A fresh one."""
        token = secrets.token_urlsafe(32)
        self._tickets[token] = Ticket(session, page, bearer, self._clock.monotonic())
        while len(self._tickets) > AT_MOST:
            self._tickets.popitem(last=False)
        return token

    def take(self, token: str) -> Ticket | None:
        """Once, and within its life."""
        ticket = self._tickets.pop(token, None)
        if ticket is None or self._clock.monotonic() - ticket.at > LIFE_S:
            return None
        return ticket
