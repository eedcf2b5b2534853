"""Single-use tickets for the console's socket: a browser cannot set headers on a WebSocket, and an address may be logged."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from cti.ports.clock import Clock

LIFE_S = 30.0
OF_A_SESSION = 20  # live ones; a page asks for one at each try of its socket


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose log-in, which page (a page that comes back keeps its id), and when it was made."""

    session: str
    page: str
    bearer: bool
    at: float


class StreamTickets:
    """Held in memory: a ticket outlives neither 30 s nor the process. Whoever asks for too many loses his own oldest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()  # oldest first
        self._of_session: dict[str, OrderedDict[str, None]] = {}

    def issue(self, session: str, page: str, *, bearer: bool) -> str:
        """A fresh one."""
        self._throw_old_away()
        token = secrets.token_urlsafe(32)
        self._tickets[token] = Ticket(session, page, bearer, self._clock.monotonic())
        own = self._of_session.setdefault(session, OrderedDict())
        own[token] = None
        if len(own) > OF_A_SESSION:
            self._remove(next(iter(own)))
        return token

    def take(self, token: str) -> Ticket | None:
        """Once, and within its life."""
        ticket = self._remove(token)
        return None if ticket is None or self._is_old(ticket) else ticket

    def _throw_old_away(self) -> None:
        while self._tickets and self._is_old(next(iter(self._tickets.values()))):
            self._remove(next(iter(self._tickets)))

    def _is_old(self, ticket: Ticket) -> bool:
        return self._clock.monotonic() - ticket.at > LIFE_S

    def _remove(self, token: str) -> Ticket | None:
        ticket = self._tickets.pop(token, None)
        if ticket is not None:
            own = self._of_session[ticket.session]
            del own[token]
            if not own:
                del self._of_session[ticket.session]
        return ticket
