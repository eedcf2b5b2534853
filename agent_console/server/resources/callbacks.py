"""Callbacks: what was promised, due first; made, taken, moved, done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from agent_console.server.actor import Actor
from agent_console.server.auth import Who
from agent_console.server.deps import Deps, Has
from agent_console.server.errors import ApiError
from agent_console.server.policy import AGENT, AT_DESK, COORDINATOR, ENGINEER, SUPERVISOR, allow, roles
from agent_console.server.resources.schemas import Cursor, Id, Line, Note, Strict
from crm_core.callbacks.rules import CallbackState
from crm_core.callbacks.views import CallbackChange, CallbackFilter, CallbackView, NewCallback
from crm_core.people.service import Role

ROUTES = APIRouter(tags=["callbacks"])
WORKERS = roles(AGENT, ENGINEER, COORDINATOR, SUPERVISOR)
ARRANGERS = frozenset({Role.COORDINATOR, Role.SUPERVISOR})


class CallbackEntered(Strict):
    """`number` empty: the owner's first one. `agent`: left out is oneself at a desk, else anybody; only some may name others."""

    due_at: AwareDatetime
    owner: Id | None = None
    number: Line = ""
    note: Note = ""
    agent: Id | None = None
    ticket: Id | None = None
    call: Id | None = None


class CallbackEdited(Strict):
    """What is left out stays. `agent` hands it to somebody else: coordinators and supervisors."""

    state: CallbackState | None = None
    due_at: AwareDatetime | None = None
    note: Note | None = None
    agent: Id | None = None


class Nothing(Strict):
    """An empty body."""


class CallbackList(BaseModel):
    """Due first."""

    items: list[CallbackView]
    next: str | None


@ROUTES.get("/callbacks", dependencies=allow(WORKERS))
async def find_callbacks(
    actor: Who,
    deps: Has,
    mine: bool = False,
    state: CallbackState | None = None,
    owner: Annotated[Id | None, Query()] = None,
    cursor: Cursor = None,
) -> CallbackList:
    """`mine`: one's own and nobody's."""
    wanted = CallbackFilter(state=state, owner=owner, agent=(actor.agent or actor.user) if mine else None)
    page = await deps.callbacks.find(wanted, cursor)
    return CallbackList(items=page.items, next=page.next)


@ROUTES.post("/callbacks", dependencies=allow(WORKERS), status_code=201)
async def enter_callback(entered: CallbackEntered, actor: Who, deps: Has) -> CallbackView:
    """A promise."""
    agent = entered.agent or actor.agent or None
    if agent != (actor.agent or None) and actor.role not in ARRANGERS:
        raise ApiError("not_allowed")
    new = NewCallback(**entered.model_dump(exclude={"agent"}), agent=agent)
    return await deps.callbacks.create(new, actor.crm, deps.clock.now())


@ROUTES.patch("/callbacks/{callback}", dependencies=allow(WORKERS))
async def edit_callback(callback: Id, edited: CallbackEdited, actor: Who, deps: Has) -> CallbackView:
    """At a desk one's own and nobody's; coordinators and supervisors everybody's."""
    if actor.role not in ARRANGERS:
        await _own(deps, actor, callback, edited)
    return await deps.callbacks.change(callback, CallbackChange(**edited.model_dump()), deps.clock.now())


@ROUTES.post("/callbacks/{callback}/take", dependencies=allow(AT_DESK))
async def take(callback: Id, _nothing: Nothing, actor: Who, deps: Has) -> CallbackView:
    """Make nobody's callback one's own; `taken` when somebody was faster."""
    return await deps.callbacks.take(callback, actor.crm)


async def _own(deps: Deps, actor: Actor, callback: str, edited: CallbackEdited) -> None:
    holder = (await deps.callbacks.get(callback)).agent
    if holder not in {None, actor.agent} or edited.agent not in {None, actor.agent}:
        raise ApiError("not_allowed")
