"""Tickets as they leave this package, and what is needed to make or change one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step; `actor` is a user id, `actor_name` his name today ('' when he is gone). No free text: it could not be erased."""

    at: datetime
    actor: str
    actor_name: str
    code: str  # created handed_over taken state_changed changed note resolved
    params: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket; lists leave `history` empty."""

    id: str
    number: str
    kind: str
    title: str
    state: str
    owner: str | None
    owner_name: str
    property: str | None
    address: str
    equipment: str
    symptom: str
    since_when: str
    service_mode: str | None
    priority: int
    note: str
    phone: str
    holder_role: str | None
    holder_agent: str | None
    due_at: datetime | None
    created_at: datetime
    created_by: str
    call: str | None
    history: list[HistoryLine]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A request. `title` is enough."""

    title: str
    owner: str | None = None
    property: str | None = None
    equipment: str = ""
    symptom: str = ""
    since_when: str = ""
    service_mode: str | None = None
    priority: int = 2
    note: str = ""
    phone: str = ""
    holder_role: str | None = None
    holder_agent: str | None = None
    due_at: datetime | None = None
    call: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTaskSheet:
    """What the form sends; everything may still be empty, the rules say what is missing."""

    call: str | None = None
    owner: str | None = None
    equipment: str = ""
    symptom: str = ""
    since_when: str = ""
    note: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What may be changed; None: stays as it is."""

    version: int
    state: str | None = None
    holder_role: str | None = None
    holder_agent: str | None = None
    priority: int | None = None
    service_mode: str | None = None
    note: str | None = None  # the whole text
    add_note: str | None = None  # a line of its own, signed by who adds it
    due_at: datetime | None = None

    @property
    def steers(self) -> bool:
        """Whether it moves the ticket: its state, holder, clock or service mode."""
        return any(each is not None for each in (self.state, self.holder_role, self.holder_agent, self.due_at, self.service_mode))


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """Which tickets a list shows. `state`: one of the states, or `unfinished`.

    `holder`: held by this agent; with `holder_role` also those that wait for this role and nobody of it yet.
    """

    state: str | None = None
    query: str = ""
    owner: str | None = None
    holder: str | None = None
    holder_role: str | None = None
