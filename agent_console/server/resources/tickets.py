"""Tickets: lists, one with its history, new ones, changes and hand-overs."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, StringConstraints

from agent_console.server.actor import Actor
from agent_console.server.auth import Who
from agent_console.server.deps import Has
from agent_console.server.errors import ApiError
from agent_console.server.policy import AGENT, COORDINATOR, ENGINEER, FIELD_ENGINEER, SUPERVISOR, allow, roles
from agent_console.server.resources.schemas import Cursor, Id, Line, Note, Search, Strict, WholeNote, filled
from crm_core.tickets.rules import ServiceMode, State
from crm_core.tickets.views import NewTicket, TicketChange, TicketFilter, TicketView

ROUTES = APIRouter(tags=["tickets"])
WORKERS = roles(AGENT, ENGINEER, COORDINATOR, SUPERVISOR)
HolderRole = Literal["agent", "hotline_engineer", "coordinator", "field_engineer", "supervisor"]
READERS = roles(AGENT, ENGINEER, COORDINATOR, SUPERVISOR, FIELD_ENGINEER)
NoteLine = Annotated[Note, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
StateAsked = State | Literal["unfinished"]


class TicketEntered(Strict):
    """A request; a title is enough. With `holder_role` it is handed over at once and its clock starts."""

    title: Line
    owner: Id | None = None
    property: Id | None = None
    equipment: Line = ""
    symptom: Note = ""
    since_when: Line = ""
    service_mode: ServiceMode | None = None
    priority: int = 2
    note: Note = ""
    phone: Line = ""
    holder_role: HolderRole | None = None
    holder_agent: Id | None = None
    due_at: AwareDatetime | None = None
    call: Id | None = None


class TicketEdited(Strict):
    """What is left out stays. `holder_role` and `holder_agent` hand it over. `add_note`: one line, signed here."""

    version: int
    state: State | None = None
    holder_role: HolderRole | None = None
    holder_agent: Id | None = None
    priority: int | None = None
    service_mode: ServiceMode | None = None
    note: WholeNote | None = None
    add_note: NoteLine | None = None
    due_at: AwareDatetime | None = None


class TicketList(BaseModel):
    """Newest first, without histories."""

    items: list[TicketView]
    next: str | None


@ROUTES.get("/tickets", dependencies=allow(READERS))
async def find_tickets(
    actor: Who,
    deps: Has,
    state: StateAsked | None = None,
    q: Search = "",
    owner: Annotated[Id | None, Query()] = None,
    mine: bool = False,
    cursor: Cursor = None,
) -> TicketList:
    """`q`: a number (T-1122-…) or an owner's name or address. `mine`: held by him, or by his role and nobody yet.

    A field engineer's are always his.
    """
    mine = mine or actor.role is FIELD_ENGINEER
    wanted = TicketFilter(
        state=state,
        query=q,
        owner=owner,
        holder=(actor.agent or actor.user) if mine else None,
        holder_role=actor.role.value if mine else None,
    )
    page = await deps.tickets.find(wanted, cursor)
    return TicketList(items=page.items, next=page.next)


@ROUTES.post("/tickets", dependencies=allow(WORKERS), status_code=201)
async def enter_ticket(entered: TicketEntered, actor: Who, deps: Has) -> TicketView:
    """A request."""
    new = NewTicket(**entered.model_dump(exclude={"title"}), title=filled("title", entered.title))
    return await deps.tickets.create(new, actor.crm, deps.clock.now())


@ROUTES.get("/tickets/{ticket}", dependencies=allow(READERS))
async def one_ticket(ticket: Id, actor: Who, deps: Has) -> TicketView:
    """With its history."""
    found = await deps.tickets.get(ticket)
    if actor.role is FIELD_ENGINEER and not _his(found, actor):
        raise ApiError("no_such_ticket")  # as for one that is not there: the answer does not say which
    return found


def _his(ticket: TicketView, actor: Actor) -> bool:
    """He holds it, or it waits for one of his role."""
    if ticket.holder_agent is None:
        return ticket.holder_role == actor.role.value
    return ticket.holder_agent in {actor.agent, actor.user}


@ROUTES.patch("/tickets/{ticket}", dependencies=allow(WORKERS))
async def edit_ticket(ticket: Id, edited: TicketEdited, actor: Who, deps: Has) -> TicketView:
    """`conflict` when somebody changed it since `version`, `wrong_state` when it cannot go there."""
    change = TicketChange(**edited.model_dump())
    return await deps.tickets.change(ticket, change, actor.crm, deps.clock.now())
