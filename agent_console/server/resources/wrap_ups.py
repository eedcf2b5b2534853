"""The end of a conversation: disposition, note, ticket, callback, written as one; then the core goes on with the agent's day."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select

from agent_console.server import call_records
from agent_console.server.actor import Actor
from agent_console.server.auth import Who
from agent_console.server.deps import Deps, Has
from agent_console.server.errors import ApiError
from agent_console.server.models import WrapUp
from agent_console.server.policy import AT_DESK, allow
from agent_console.server.resources.schemas import Id, Line, Note, Strict
from agent_console.server.view import parties
from crm_core.callbacks.models import Callback
from crm_core.callbacks.views import NewCallback
from crm_core.tickets.models import Ticket
from crm_core.tickets.views import NewTicket
from cti.bus.port import CommandRefused, CommandTimeout, CoreAway
from storage.unit_of_work import Session

ROUTES = APIRouter(tags=["calls"])


class TicketWanted(Strict):
    """An existing one by `id`, or a new one by its fields."""

    id: Id | None = None
    title: Line = ""
    owner: Id | None = None
    property: Id | None = None
    equipment: Line = ""
    symptom: Note = ""
    since_when: Line = ""
    service_mode: Line | None = None
    priority: int = 2
    note: Note = ""
    holder_role: Line | None = None
    due_at: AwareDatetime | None = None


class CallbackWanted(Strict):
    """`number` empty: the caller's."""

    due_at: AwareDatetime
    note: Note = ""
    number: Line = ""


class WrapUpSaid(Strict):
    """What the agent's panel sends."""

    disposition: Id
    note: Note = ""
    ticket: TicketWanted | None = None
    callback: CallbackWanted | None = None


class WrapUpDone(BaseModel):
    """`finished`: the core has ended the wrap-up; false: it is away, or had ended it already. The rows are written either way."""

    ticket: str | None
    callback: str | None
    finished: bool


class _Call(BaseModel):
    """What is taken from the call itself."""

    owner: str | None
    ticket: str | None
    callback: str | None
    number: str


@ROUTES.post("/calls/{call}/wrap-up", dependencies=allow(AT_DESK))
async def wrap_up(call: Id, said: WrapUpSaid, actor: Who, deps: Has) -> WrapUpDone:
    """Said again, it changes disposition and note and makes nothing twice."""
    about = await _own_call(deps, actor, call)
    async with deps.uow.write() as session:
        await deps.codes.check_disposition(session, said.disposition)
        before = await session.get(WrapUp, call)
        if before is None:
            session.add(
                WrapUp(
                    call_id=call, agent_id=actor.agent, disposition=said.disposition, note=said.note, created_at=deps.clock.now()
                )
            )
            ticket = await _ticket(deps, session, said, about, actor=actor, call=call)
            callback = await _callback(deps, session, said, about, actor=actor, call=call, ticket=ticket)
            if about.callback:
                await deps.callbacks.kept(session, about.callback, deps.clock.now())
        else:
            before.disposition, before.note = said.disposition, said.note
            ticket, callback = await _made(session, Ticket, call), await _made(session, Callback, call)
    return WrapUpDone(ticket=ticket, callback=callback, finished=await _finish(deps, actor, call, said.disposition, ticket))


async def _own_call(deps: Deps, actor: Actor, call: str) -> _Call:
    """The call's agent, by what the core says now, else by the record. Raises no_such_call."""
    live = deps.console.house.of("call").get(call)
    bound = deps.console.house.of("agent").get(actor.agent, {}).get("call") == call
    if live is not None and (bound or actor.agent in parties(live)):
        number = live.get("from") if live.get("direction") == "in" else live.get("to")
        links = {name: live.get(name) or None for name in ("owner", "ticket", "callback")}
        return _Call(**links, number=str(number or ""))
    async with deps.uow.read() as session:
        row = await call_records.one(session, actor, call)
    if row is None:
        raise ApiError("no_such_call")
    record = row[0]
    number = record.from_e164 if record.direction == "in" else record.to_number
    return _Call(owner=record.owner_id, ticket=record.ticket_id, callback=record.callback_id, number=number)


async def _ticket(deps: Deps, session: Session, said: WrapUpSaid, about: _Call, *, actor: Actor, call: str) -> str | None:
    wanted, now = said.ticket, deps.clock.now()
    if wanted is None:
        return about.ticket
    if wanted.id is not None:
        return (await deps.tickets.link(session, wanted.id, call=call, actor=actor.crm, now=now)).id
    if not wanted.title.strip():
        raise ApiError("fields_missing", fields=["title"])
    fields = wanted.model_dump(exclude={"id", "owner"})
    new = NewTicket(**fields, owner=wanted.owner or about.owner, phone=about.number, call=call)
    return (await deps.tickets.add(session, new, actor.crm, now)).id


async def _callback(
    deps: Deps, session: Session, said: WrapUpSaid, about: _Call, *, actor: Actor, call: str, ticket: str | None
) -> str | None:
    wanted = said.callback
    if wanted is None:
        return None
    new = NewCallback(
        due_at=wanted.due_at,
        owner=about.owner,
        number=wanted.number or about.number,
        note=wanted.note,
        agent=actor.agent,
        ticket=ticket,
        call=call,
    )
    return (await deps.callbacks.add(session, new, actor.crm, deps.clock.now())).id


async def _made(session: Session, table: type[Ticket] | type[Callback], call: str) -> str | None:
    statement = select(table.id).where(table.call_id == call).order_by(table.created_at.desc()).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def _finish(deps: Deps, actor: Actor, call: str, disposition: str, ticket: str | None) -> bool:
    args = {"call": call, "disposition": disposition, **({"ticket": ticket} if ticket else {})}
    leader = deps.console.pages.leader(actor.agent)
    try:
        await deps.commands.send(actor, leader.id if leader else "", f"wrapup-{call}", "wrapup.finish", args)
    except (CommandRefused, CommandTimeout, CoreAway):
        return False
    return True
