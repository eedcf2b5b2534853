"""Task sheets: "an engineer will call you" with one key, and what the engineer does with it."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from agent_console.server.auth import Who
from agent_console.server.deps import Has
from agent_console.server.policy import AT_DESK, COORDINATOR, ENGINEER, SUPERVISOR, allow, roles
from agent_console.server.resources.schemas import Id, Line, Note, Strict
from crm_core.tickets.rules import Outcome
from crm_core.tickets.views import NewTaskSheet, TicketView

ROUTES = APIRouter(tags=["task sheets"])
READERS = roles(ENGINEER, COORDINATOR, SUPERVISOR)
ENGINEERS = roles(ENGINEER)


class SheetEntered(Strict):
    """Everything may come empty: the answer then names what is missing, in the order of the form."""

    call: Id | None = None
    owner: Id | None = None
    equipment: Line = ""
    symptom: Note = ""
    since_when: Line = ""
    note: Note = ""
    number: Line = ""


class SheetResolved(Strict):
    """How the engineer leaves it; `due_at` for `call_again`."""

    outcome: Outcome
    note: Note = ""
    due_at: AwareDatetime | None = None


class Nothing(Strict):
    """An empty body."""


class SheetList(BaseModel):
    """Soonest first."""

    items: list[TicketView]
    next: str | None = None


@ROUTES.get("/task-sheets", dependencies=allow(READERS))
async def open_sheets(deps: Has) -> SheetList:
    """What waits for an engineer or is with one."""
    return SheetList(items=await deps.task_sheets.open_sheets())


@ROUTES.post("/task-sheets", dependencies=allow(AT_DESK), status_code=201)
async def enter_sheet(entered: SheetEntered, actor: Who, deps: Has) -> TicketView:
    """`fields_missing` while it is incomplete; the 15-minute clock starts when it is not."""
    return await deps.task_sheets.create(NewTaskSheet(**entered.model_dump()), actor.crm, deps.clock.now())


@ROUTES.post("/task-sheets/{sheet}/take", dependencies=allow(ENGINEERS))
async def take(sheet: Id, _nothing: Nothing, actor: Who, deps: Has) -> TicketView:
    """`taken` when another engineer was faster."""
    return await deps.task_sheets.take(sheet, actor.crm, deps.clock.now())


@ROUTES.post("/task-sheets/{sheet}/resolve", dependencies=allow(ENGINEERS))
async def resolve(sheet: Id, resolved: SheetResolved, actor: Who, deps: Has) -> TicketView:
    """Solved by phone, on to the coordinator, or ring again."""
    return await deps.task_sheets.resolve(
        sheet, resolved.outcome, resolved.note, resolved.due_at, actor=actor.crm, now=deps.clock.now()
    )
