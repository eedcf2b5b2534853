"""Owners: find, show, quick entry, change, everything that happened with them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from agent_console.server.deps import Has
from agent_console.server.policy import ADMIN, AGENT, COORDINATOR, ENGINEER, SUPERVISOR, allow, roles
from agent_console.server.resources.schemas import Address, Cursor, Id, Line, Note, Search, Strict, filled
from crm_core.owners.views import ActivityLine, NewOwner, NewPhone, OwnerChange, OwnerHit, OwnerView, PossibleDuplicate

ROUTES = APIRouter(tags=["owners"])
FINDERS = roles(AGENT, ENGINEER, COORDINATOR, SUPERVISOR, ADMIN)
WORKERS = roles(AGENT, ENGINEER, COORDINATOR, SUPERVISOR)
MOST_PHONES = 10


class PhoneEntered(Strict):
    """A number as typed; the region's country code may be left out."""

    number: Line
    label: Line = ""


AddressAsked = Annotated[Address, Query()]
Phones = Annotated[list[PhoneEntered], Field(max_length=MOST_PHONES)]


class OwnerEntered(Strict):
    """A quick entry: a name is enough."""

    name: Line
    level: Line = "standard"
    phones: Phones = Field(default_factory=list)
    address: Address = ""
    note: Note = ""


class OwnerEdited(Strict):
    """What is left out stays. `phones` replaces all numbers, the first is the primary one."""

    version: int
    name: Line | None = None
    level: Line | None = None
    district: Line | None = None
    note: Note | None = None
    phones: Phones | None = None


class OwnerList(BaseModel):
    """A page of a search."""

    items: list[OwnerHit]
    next: str | None


class DuplicateList(BaseModel):
    """Those with more reasons first."""

    items: list[PossibleDuplicate]
    next: str | None = None


class ActivityList(BaseModel):
    """Newest first."""

    items: list[ActivityLine]
    next: str | None


@ROUTES.get("/owners", dependencies=allow(FINDERS))
async def find_owners(deps: Has, q: Search = "", cursor: Cursor = None) -> OwnerList:
    """By name, piece of an address, end of a number; all by name without `q`."""
    page = await deps.owners.search(q, cursor)
    return OwnerList(items=page.items, next=page.next)


@ROUTES.get("/owners/duplicates", dependencies=allow(WORKERS))
async def possible_duplicates(deps: Has, name: Search = "", number: Search = "", address: AddressAsked = "") -> DuplicateList:
    """Whom a new entry may be, asked while it is typed."""
    return DuplicateList(items=await deps.owners.possible_duplicates(name=name, number=number, address=address))


@ROUTES.post("/owners", dependencies=allow(WORKERS), status_code=201)
async def enter_owner(entered: OwnerEntered, deps: Has) -> OwnerView:
    """Quick entry."""
    new = NewOwner(
        name=filled("name", entered.name),
        level=entered.level,
        phones=_phones(entered.phones),
        address=entered.address.strip(),
        note=entered.note,
    )
    return await deps.owners.create(new, deps.clock.now())


@ROUTES.get("/owners/{owner}", dependencies=allow(WORKERS))
async def one_owner(owner: Id, deps: Has, response: Response) -> OwnerView:
    """His page."""
    response.headers["Cache-Control"] = "no-store"
    return await deps.owners.get(owner)


@ROUTES.patch("/owners/{owner}", dependencies=allow(WORKERS))
async def edit_owner(owner: Id, edited: OwnerEdited, deps: Has) -> OwnerView:
    """`conflict` when somebody changed him since `version`."""
    change = OwnerChange(
        version=edited.version,
        name=None if edited.name is None else filled("name", edited.name),
        level=edited.level,
        district=edited.district,
        note=edited.note,
        phones=None if edited.phones is None else _phones(edited.phones),
    )
    return await deps.owners.change(owner, change, deps.clock.now())


@ROUTES.get("/owners/{owner}/activity", dependencies=allow(WORKERS))
async def activity(owner: Id, deps: Has, cursor: Cursor = None, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> ActivityList:
    """Calls, tickets and callbacks."""
    page = await deps.owners.activity(owner, cursor, limit)
    return ActivityList(items=page.items, next=page.next)


def _phones(entered: list[PhoneEntered]) -> tuple[NewPhone, ...]:
    return tuple(NewPhone(each.number, each.label) for each in entered)
